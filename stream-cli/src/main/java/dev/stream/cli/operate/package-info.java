/**
 * Commands that change what replicas hold.
 *
 * <p>How does an operator take a snapshot, have everything sent, name a state, and delete what is
 * not needed any more? What enters changes replicas on request and reports what it changed. Begin
 * reading at {@link dev.stream.cli.operate.PruneCommand}.
 */
@NullMarked
package dev.stream.cli.operate;

import org.jspecify.annotations.NullMarked;
