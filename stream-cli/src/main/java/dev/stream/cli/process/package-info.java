/**
 * This process and its machine.
 *
 * <p>How does the process hear signals, keep others from a database file, and find its native
 * libraries? What enters deals with the operating system and knows no sub-command. Begin reading at
 * {@link dev.stream.cli.process.StopSignal}.
 */
@NullMarked
package dev.stream.cli.process;

import org.jspecify.annotations.NullMarked;
