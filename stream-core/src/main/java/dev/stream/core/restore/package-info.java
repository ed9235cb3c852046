/**
 * From replicas back to a database file.
 *
 * <p>Which replica is restored from, where is the file made, how is it proven and how does it take
 * its target's name? Begin reading at {@link dev.stream.core.restore.Restorer}.
 */
@NullMarked
package dev.stream.core.restore;

import org.jspecify.annotations.NullMarked;
