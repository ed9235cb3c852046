/**
 * {@code stream check}.
 *
 * <p>Would replication with a configuration work? What enters tries one part of it and leaves
 * nothing behind. What replicas hold already is another question, which {@code inspect} answers.
 * Begin reading at {@link dev.stream.cli.check.CheckCommand}.
 */
@NullMarked
package dev.stream.cli.check;

import org.jspecify.annotations.NullMarked;
