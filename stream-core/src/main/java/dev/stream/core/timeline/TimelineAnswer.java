package dev.stream.core.timeline;

import dev.stream.core.artefact.CatchUpMark;
import dev.stream.core.chain.RestoreDecision;
import dev.stream.core.state.ReachableState;
import org.jspecify.annotations.Nullable;

/**
 * What can be had of a moment, or of a state that is named in another way.
 *
 * @param decision how to restore it, or why it cannot be
 * @param state the state at the moment; null if there is none, or no moment was asked for
 * @param after the next state after the moment that can be restored; null if there is none, or no
 *     moment was asked for
 * @param unseen the transactions between both that were captured as one, so that no state between
 *     them can be had; null if there are none, or if that is not known
 */
public record TimelineAnswer(
    RestoreDecision decision,
    @Nullable ReachableState state,
    @Nullable ReachableState after,
    @Nullable CatchUpMark unseen) {}
