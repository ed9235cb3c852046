/**
 * {@code stream restore}.
 *
 * <p>Which state is restored, to which file, under which conditions, and what is reported of it?
 * Also how a restored copy is kept current. How a restore works is the question of the core. Begin
 * reading at {@link dev.stream.cli.restore.RestoreCommand}.
 */
@NullMarked
package dev.stream.cli.restore;

import org.jspecify.annotations.NullMarked;
