/**
 * Commands that only look.
 *
 * <p>What do replicas hold, is it whole, what does it cost, how is replication going, and which
 * plug-ins are installed? What enters reads and reports; it changes neither a replica nor a
 * database. Begin reading at {@link dev.stream.cli.inspect.ListCommand}.
 */
@NullMarked
package dev.stream.cli.inspect;

import org.jspecify.annotations.NullMarked;
