/**
 * {@code stream demo}.
 *
 * <p>How is it shown that a lost database comes back byte for byte? The demo runs the command as
 * other processes, as a user would, so nothing of it may be needed elsewhere. Begin reading at
 * {@link dev.stream.cli.demo.DemoRun}.
 */
@NullMarked
package dev.stream.cli.demo;

import org.jspecify.annotations.NullMarked;
