package dev.stream.core.schedule;

import dev.stream.core.event.StreamListener;
import dev.stream.core.listen.SafeListener;
import dev.stream.core.retry.Sleeper;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * What a replication takes from outside, so that tests can put something else in its place.
 *
 * @param clock the time of day
 * @param nanoTime counts nanoseconds whatever the clock is set to: {@link System#nanoTime}
 * @param sleeper waits between attempts on a replica
 * @param listener hears of what happens
 * @param tasks do the work
 */
public record Environment(
    Clock clock, LongSupplier nanoTime, Sleeper sleeper, StreamListener listener, Tasks tasks) {

  /** The same; whatever the listener throws is kept from what calls it. */
  public Environment {
    listener = SafeListener.of(listener);
  }

  /**
   * That of an application: the system's clocks, and tasks of its own.
   *
   * @param database what is replicated, for the logs
   */
  public static Environment of(
      String database, Clock clock, Sleeper sleeper, StreamListener listener) {
    return new Environment(clock, System::nanoTime, sleeper, listener, new Tasks(database));
  }

  /** The same; somebody else, who throws nothing, hears of everything after the listener has. */
  public Environment telling(StreamListener also) {
    StreamListener first = listener;
    return new Environment(
        clock,
        nanoTime,
        sleeper,
        event -> {
          first.onEvent(event);
          also.onEvent(event);
        },
        tasks);
  }
}
