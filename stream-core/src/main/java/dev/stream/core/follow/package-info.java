/**
 * A local copy that is kept current for readers.
 *
 * <p>How does a copy get from the state that it is in to the newest that the replicas hold, while
 * other processes read it? Begin reading at {@link dev.stream.core.follow.Follower}.
 */
@NullMarked
package dev.stream.core.follow;

import org.jspecify.annotations.NullMarked;
