/**
 * What is done to a replica by hand.
 *
 * <p>How does an operator, or an application, name states that are to stay, and delete what
 * retention does not keep? One thing for each class, for the command and for applications alike.
 * Begin reading at {@link dev.stream.core.operate.ReplicaPins}.
 */
@NullMarked
package dev.stream.core.operate;

import org.jspecify.annotations.NullMarked;
