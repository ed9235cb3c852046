/** Keeps a local copy of a database current for readers, from what its replicas hold. */
@NullMarked
package dev.stream.core.follow;

import org.jspecify.annotations.NullMarked;
