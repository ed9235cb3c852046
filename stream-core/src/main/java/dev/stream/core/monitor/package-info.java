/**
 * How a replication is doing.
 *
 * <p>What is measured about a running replication, and how is it written down for other processes?
 * It reads from every part and changes none. Begin reading at {@link
 * dev.stream.core.monitor.StatusReport}.
 */
@NullMarked
package dev.stream.core.monitor;

import org.jspecify.annotations.NullMarked;
