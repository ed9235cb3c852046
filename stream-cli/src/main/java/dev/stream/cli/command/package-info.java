/**
 * What every sub-command is.
 *
 * <p>How is a sub-command called, how does it fail, and which exit code does it end with? Only what
 * all sub-commands share may enter, and nothing that knows one of them, except the table of exit
 * codes, which the help and the document both show. Begin reading at {@link
 * dev.stream.cli.command.CliCommand}.
 */
@NullMarked
package dev.stream.cli.command;

import org.jspecify.annotations.NullMarked;
