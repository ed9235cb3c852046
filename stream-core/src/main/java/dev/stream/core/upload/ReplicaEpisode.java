package dev.stream.core.upload;

import dev.stream.core.schedule.Episode;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a replica fails at now. Whatever fails meanwhile is one episode: it is told when it begins
 * and when nothing fails any more, however many lanes meet it. Only a success of the same kind ends
 * a failure, for a replica that can be listed may still refuse what is to be stored there. Safe for
 * use by several threads.
 */
final class ReplicaEpisode {

  /** What is asked of a replica. */
  enum Attempt {
    LISTING,
    SEGMENT,
    SNAPSHOT
  }

  /** Tells that an episode has ended. */
  interface End {
    /** After so many attempts that failed, the first of them at {@code since}. */
    void tell(int failures, Instant since);
  }

  private final Clock clock;
  private final Map<Attempt, Episode> episodes = new EnumMap<>(Attempt.class);

  // Held while it is told, so that nobody learns of an end after the beginning that followed it.
  private final ReentrantLock telling = new ReentrantLock();
  private int failures;
  private Instant since = Instant.EPOCH;

  ReplicaEpisode(Clock clock) {
    this.clock = clock;
    for (Attempt attempt : Attempt.values()) {
      episodes.put(attempt, new Episode(clock));
    }
  }

  private Episode of(Attempt attempt) {
    Episode episode = episodes.get(attempt);
    if (episode == null) {
      throw new IllegalStateException("no episode for " + attempt);
    }
    return episode;
  }

  /**
   * Notes a failure.
   *
   * @param begun what tells that an episode begins; run if it does
   * @return how many attempts of this kind have failed in a row
   */
  int failed(Attempt attempt, String message, Runnable begun) throws InterruptedException {
    telling.lockInterruptibly();
    try {
      boolean begins = error() == null;
      if (begins) {
        since = clock.instant();
        failures = 0;
      }
      failures++;
      boolean ignored = of(attempt).failed(message);
      if (begins) {
        begun.run();
      }
      return of(attempt).failures();
    } finally {
      telling.unlock();
    }
  }

  /**
   * Notes a success.
   *
   * @param end told if nothing fails any more
   * @return whether attempts of this kind have failed until now
   */
  boolean succeeded(Attempt attempt, End end) throws InterruptedException {
    telling.lockInterruptibly();
    try {
      boolean ended = of(attempt).succeeded();
      if (ended && error() == null) {
        end.tell(failures, since);
      }
      return ended;
    } finally {
      telling.unlock();
    }
  }

  /** What fails now, the gravest first; null if nothing does. Never waits for a listener. */
  @Nullable String error() {
    for (Episode episode : episodes.values()) {
      String error = episode.error();
      if (error != null) {
        return error;
      }
    }
    return null;
  }
}
