/**
 * What an application learns while Stream runs.
 *
 * <p>What can a listener hear of a replication, of a restore, and of a start that is refused? Types
 * that an application implements or catches; how they are called is in {@code listen}. Begin
 * reading at {@link dev.stream.core.event.StreamListener}.
 */
@NullMarked
package dev.stream.core.event;

import org.jspecify.annotations.NullMarked;
