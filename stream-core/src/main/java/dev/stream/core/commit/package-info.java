/**
 * Commits that return only when enough replicas have them.
 *
 * <p>Who waits for what, for how long, and what happens then? Begin reading at {@link
 * dev.stream.core.commit.QuorumDataSource}. How it is found out that a replica has a transaction is
 * in {@code replicate}.
 */
@NullMarked
package dev.stream.core.commit;

import org.jspecify.annotations.NullMarked;
