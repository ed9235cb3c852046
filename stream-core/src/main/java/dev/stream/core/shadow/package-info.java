/**
 * The shadow directory.
 *
 * <p>What lies in the folder of the shadow log, in which bytes, and what of it is good after a stop
 * of any kind? Begin reading at {@link dev.stream.core.shadow.ShadowDirectory}, then {@link
 * dev.stream.core.shadow.ShadowRecovery}.
 */
@NullMarked
package dev.stream.core.shadow;

import org.jspecify.annotations.NullMarked;
