/**
 * Replication of one database, for applications.
 *
 * <p>How does an application begin, watch and end the replication of its database? What runs in
 * another process (a command, a look at a shadow directory) is not here. Begin reading at {@link
 * dev.stream.core.StreamController}.
 */
@NullMarked
package dev.stream.core;

import org.jspecify.annotations.NullMarked;
