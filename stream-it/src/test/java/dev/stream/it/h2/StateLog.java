package dev.stream.it.h2;

import java.util.ArrayList;
import java.util.List;

/**
 * The states a writer went through, in order; those from the last that was acknowledged to the last
 * that was begun may be found in the file. Thread-safe.
 *
 * @param <S> what a state is
 */
final class StateLog<S> {

  /** A span of states, both ends included. */
  record Span(int from, int to) {}

  private final List<S> states = new ArrayList<>();
  private int acknowledged;

  StateLog(S first) {
    states.add(first);
  }

  /** The writer is about to ask for this state. */
  synchronized void begin(S next) {
    states.add(next);
  }

  /** Everything begun is durable. */
  synchronized void acknowledge() {
    acknowledged = states.size() - 1;
  }

  synchronized Span span() {
    return new Span(acknowledged, states.size() - 1);
  }

  /** The state begun last. */
  synchronized S last() {
    return states.get(states.size() - 1);
  }

  synchronized boolean has(Span span, S found) {
    return states.subList(span.from(), span.to() + 1).contains(found);
  }

  synchronized String describe(Span span, S found) {
    return "found %s, which is state %d; states %d to %d would do, from %s to %s"
        .formatted(
            found,
            states.lastIndexOf(found),
            span.from(),
            span.to(),
            states.get(span.from()),
            states.get(span.to()));
  }
}
