/**
 * What surrounds a replication on this machine.
 *
 * <p>What happens to folders, locks, an automatic restore and waiting for a database before
 * replication begins, and how does another process speak to one that runs? Begin reading at {@link
 * dev.stream.core.run.ReplicationTargets} and {@link dev.stream.core.run.RunningStream}.
 */
@NullMarked
package dev.stream.core.run;

import org.jspecify.annotations.NullMarked;
