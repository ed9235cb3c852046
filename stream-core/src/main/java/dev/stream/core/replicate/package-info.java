/** From the database's commits to every replica: capture, sealing, snapshots, uploads, lag. */
@NullMarked
package dev.stream.core.replicate;

import org.jspecify.annotations.NullMarked;
