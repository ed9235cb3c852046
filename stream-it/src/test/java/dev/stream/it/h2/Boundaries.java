package dev.stream.it.h2;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Looks at each boundary as it is reached: there the replay of what Stream was given must be what
 * was written. Some are kept to be judged by what they hold. Thread-safe.
 */
final class Boundaries {

  private final Supplier<List<StateLog.Span>> allowed;
  private final StoreCapture capture;
  private final Random random;
  private final int keepOneIn;
  private final List<Boundary> kept = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private List<StateLog.Span> spans = List.of();
  private int reached;

  /**
   * @param allowed the states that may be found in the file now
   * @param capture what is to agree at every boundary
   */
  Boundaries(
      Supplier<List<StateLog.Span>> allowed, StoreCapture capture, Random random, int keepOneIn) {
    this.allowed = allowed;
    this.capture = capture;
    this.random = random;
    this.keepOneIn = keepOneIn;
  }

  /** A write is about to be handed to Stream. */
  synchronized void coming() {
    spans = allowed.get();
  }

  /** A write was made; the file's monitor is held. */
  synchronized void reached(WrittenFile file, String what) throws IOException {
    reached++;
    byte[] bytes = file.bytes();
    String difference = capture.difference(bytes);
    if (difference != null) {
      differences.add("after " + what + ": " + difference);
    }
    if (random.nextInt(keepOneIn) == 0) {
      kept.add(new Boundary(what, bytes, file.newestChunk(), spans));
    }
  }

  synchronized int count() {
    return reached;
  }

  /** The boundaries kept since the last call. */
  synchronized List<Boundary> take() {
    if (!differences.isEmpty()) {
      throw new AssertionError(differences.size() + " boundaries differ; " + differences.get(0));
    }
    List<Boundary> taken = List.copyOf(kept);
    kept.clear();
    return taken;
  }
}
