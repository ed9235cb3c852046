/**
 * Which state belongs to a moment.
 *
 * <p>When were the states of a replica committed, which is the one of a moment, and what is offered
 * instead if it cannot be had? Begin reading at {@link dev.stream.core.timeline.Timeline}.
 */
@NullMarked
package dev.stream.core.timeline;

import org.jspecify.annotations.NullMarked;
