/**
 * How an application's listeners are called.
 *
 * <p>How is what a listener throws kept from what goes on? Begin reading at {@link
 * dev.stream.core.listen.ListenerCalls}.
 */
@NullMarked
package dev.stream.core.listen;

import org.jspecify.annotations.NullMarked;
