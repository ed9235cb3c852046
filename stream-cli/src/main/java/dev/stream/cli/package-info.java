/**
 * The {@code stream} command.
 *
 * <p>Where does the process begin, and which sub-commands does it have? Only what starts the
 * process may enter: the entry point, the table of sub-commands, and the run that lets the JVM
 * archive its classes. Each sub-command lives in the room of its purpose. Begin reading at {@link
 * dev.stream.cli.StreamCommand}, then at the class of the sub-command in question.
 */
@NullMarked
package dev.stream.cli;

import org.jspecify.annotations.NullMarked;
