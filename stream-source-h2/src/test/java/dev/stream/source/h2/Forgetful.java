package dev.stream.source.h2;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An observer that fails at random, in every way there is, and otherwise replays what it gets. What
 * it throws unexpectedly comes before or after it has taken the pages.
 */
final class Forgetful implements PageFlushObserver {

  private final ReplayedDatabase replay = ReplayedDatabase.inMemory();
  private final Random random;
  private volatile int oneIn;
  private final AtomicInteger failures = new AtomicInteger();

  Forgetful(Random random) {
    this.random = random;
  }

  ReplayedDatabase replay() {
    return replay;
  }

  /** Fails one call in so many; never if that is 0. */
  void failOneIn(int calls) {
    oneIn = calls;
  }

  int failures() {
    return failures.get();
  }

  private int fate() {
    int fate = oneIn > 0 && random.nextInt(oneIn) == 0 ? 1 + random.nextInt(4) : 0;
    if (fate > 0) {
      failures.incrementAndGet();
    }
    return fate;
  }

  @Override
  public void onPageFlush(PageFlush flush) throws IOException {
    int fate = fate();
    before(fate);
    replay.onPageFlush(flush);
    after(fate);
  }

  @Override
  public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
    int fate = fate();
    before(fate);
    replay.onBase(image, continuity);
    after(fate);
  }

  private static void before(int fate) throws IOException {
    switch (fate) {
      case 1 -> throw new IOException("told to refuse");
      case 2 -> throw new IllegalStateException("told to fail before it took anything");
      case 3 -> throw new AssertionError("told to fail with an error");
      default -> {}
    }
  }

  private static void after(int fate) {
    if (fate == 4) {
      throw new IllegalStateException("told to fail after it took everything");
    }
  }

  @Override
  public void onNotice(String message) {
    replay.onNotice(message);
  }

  @Override
  public void onTrouble(String message) {
    replay.onTrouble(message);
  }

  @Override
  public void onRecovered() {
    replay.onRecovered();
  }
}
