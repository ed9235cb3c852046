package dev.stream.core.chain;

import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import dev.stream.core.state.ReachableState;
import dev.stream.core.state.TxRange;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a state cannot be restored from what is listed. */
public sealed interface RestorePlanProblem extends RestoreDecision {

  /** What is wrong and what can be had instead; a sentence or two. */
  String message();

  /** The newest transaction that can be restored in the generation that was asked for. */
  default OptionalLong recoverableTo() {
    return OptionalLong.empty();
  }

  /** There is no artefact at all. */
  record NothingThere() implements RestorePlanProblem {
    @Override
    public String message() {
      return "there is no snapshot and no segment";
    }
  }

  /**
   * The generation that was named is not there.
   *
   * @param generation the one named
   * @param present those that are there
   */
  record UnknownGeneration(GenerationId generation, List<GenerationId> present)
      implements RestorePlanProblem {
    @Override
    public String message() {
      return "there is no generation "
          + generation
          + "; there is "
          + present.stream().map(GenerationId::value).collect(Collectors.joining(", "));
    }
  }

  /**
   * The newest generation has no snapshot, so that only an older one can be restored.
   *
   * @param generation the newest one
   * @param segments how many segments it has
   * @param older the newest generation that has a snapshot
   * @param txId the newest transaction of that one which can be restored
   */
  record OnlyOlder(GenerationId generation, int segments, GenerationId older, long txId)
      implements RestorePlanProblem {
    @Override
    public String message() {
      return "the newest generation, "
          + generation
          + ", has "
          + segments
          + (segments == 1 ? " segment" : " segments")
          + " but no snapshot to begin with: it has just begun, or its snapshot is gone. What can be"
          + " restored is older: transaction "
          + txId
          + " of generation "
          + older
          + ", if that is accepted (--accept-older) or named";
    }
  }

  /**
   * Segments but nothing to apply them to.
   *
   * @param generation the newest one in question
   * @param segments how many segments it has
   */
  record NoSnapshot(GenerationId generation, int segments) implements RestorePlanProblem {
    @Override
    public String message() {
      return "generation "
          + generation
          + " has "
          + segments
          + (segments == 1 ? " segment" : " segments")
          + " but no snapshot to begin with";
    }
  }

  /**
   * Segments are missing on the way.
   *
   * @param generation the generation
   * @param wanted the transaction to be reached
   * @param reachable the newest transaction before it that can be reached
   * @param missing the transactions that no segment covers, or whose segments do not join
   */
  record Gap(GenerationId generation, long wanted, long reachable, List<TxRange> missing)
      implements RestorePlanProblem {
    @Override
    public String message() {
      String gaps = missing.stream().map(TxRange::toString).collect(Collectors.joining(", "));
      return "generation "
          + generation
          + " lacks transactions "
          + gaps
          + ", so transaction "
          + wanted
          + " cannot be reached; recovery is possible up to transaction "
          + reachable;
    }

    @Override
    public OptionalLong recoverableTo() {
      return OptionalLong.of(reachable);
    }
  }

  /**
   * The state after exactly this transaction is not kept: it is older or newer than all, or inside
   * a segment that covers several transactions.
   *
   * @param generation the generation
   * @param txId the one asked for
   * @param before the nearest state before it that can be restored; null for none
   * @param after the nearest state after it that can be restored; null for none
   */
  record NoSuchTransaction(
      GenerationId generation, long txId, @Nullable Long before, @Nullable Long after)
      implements RestorePlanProblem {
    @Override
    public String message() {
      String nearest;
      if (before == null) {
        nearest = after == null ? "nothing can be restored" : "the oldest state is " + after;
      } else if (after == null) {
        nearest = "the newest state is " + before;
      } else {
        nearest = "the nearest states are " + before + " and " + after;
      }
      return "generation "
          + generation
          + " has no state as of exactly transaction "
          + txId
          + "; "
          + nearest;
    }

    @Override
    public OptionalLong recoverableTo() {
      return before == null ? OptionalLong.empty() : OptionalLong.of(before);
    }
  }

  /**
   * Every state that can be restored was committed after the moment.
   *
   * @param at the moment asked for
   * @param oldest the state committed first
   */
  record BeforeEverything(Instant at, ReachableState oldest) implements RestorePlanProblem {
    @Override
    public String message() {
      return "nothing goes back to "
          + at
          + "; the oldest state is that of "
          + oldest.committedAt()
          + ", transaction "
          + oldest.txId()
          + " of generation "
          + oldest.generation();
    }
  }

  /**
   * Transactions after the last state before the moment are missing, and nothing tells whether they
   * were committed before it.
   *
   * @param at the moment asked for
   * @param before the last state that was committed by then
   * @param after the first state after what is missing; null if nothing after it can be restored
   * @param missing the transactions that no segment covers, or whose segments do not join
   */
  record LostMoment(
      Instant at, ReachableState before, @Nullable ReachableState after, List<TxRange> missing)
      implements RestorePlanProblem {
    @Override
    public String message() {
      return "generation "
          + before.generation()
          + " lacks transactions "
          + missing.stream().map(TxRange::toString).collect(Collectors.joining(", "))
          + ", so its state at "
          + at
          + " is not known; "
          + (after == null
              ? "the nearest state is " + before + " before it, and none comes after it"
              : "the nearest states are " + before + " before it and " + after + " after it")
          + ". Name one by its transaction and generation to have it";
    }

    @Override
    public OptionalLong recoverableTo() {
      return OptionalLong.of(before.txId());
    }
  }

  /**
   * No state has the name, or several have it.
   *
   * @param name the name asked for
   * @param pinned the states that have it: none, or more than one
   * @param present all pins
   */
  record NoSuchPin(String name, List<PinDescriptor> pinned, List<PinDescriptor> present)
      implements RestorePlanProblem {
    @Override
    public String message() {
      if (pinned.isEmpty()) {
        return "there is no pin "
            + name
            + (present.isEmpty()
                ? ", nor any other"
                : "; there is "
                    + present.stream().map(PinDescriptor::name).collect(Collectors.joining(", ")));
      }
      return "pin "
          + name
          + " names several states: "
          + pinned.stream()
              .map(pin -> "transaction " + pin.txId() + " of generation " + pin.generation())
              .collect(Collectors.joining(", "))
          + ". Name one by its transaction and generation to have it";
    }
  }
}
