/**
 * From a pinned image to a snapshot.
 *
 * <p>When does a snapshot go, from where is it sent, and how does it prove what was captured? Begin
 * reading at {@link dev.stream.core.snapshot.SnapshotLoop}.
 */
@NullMarked
package dev.stream.core.snapshot;

import org.jspecify.annotations.NullMarked;
