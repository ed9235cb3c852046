/**
 * What the command prints.
 *
 * <p>How do values, JSON documents, progress and log lines look? What enters knows no sub-command
 * and decides nothing. Begin reading at {@link dev.stream.cli.output.ValueFormat}.
 */
@NullMarked
package dev.stream.cli.output;

import org.jspecify.annotations.NullMarked;
