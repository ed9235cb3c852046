/**
 * The manual that comes with the distribution.
 *
 * <p>How do manual pages come from what {@code --help} says, so that neither can say something
 * else? What enters turns the model of the command line into a form that other programs show. Begin
 * reading at {@link dev.stream.cli.manual.ManPage}.
 */
@NullMarked
package dev.stream.cli.manual;

import org.jspecify.annotations.NullMarked;
