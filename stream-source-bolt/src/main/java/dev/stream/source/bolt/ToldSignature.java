package dev.stream.source.bolt;

import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Tells the observer by which signature the file is known again. The observer keeps it durably, so
 * it is told every ten minutes, and at the end. For use by one thread.
 */
final class ToldSignature {

  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Path path;
  private final PageFlushObserver observer;
  private long toldAt = System.nanoTime();
  private String last = "";

  ToldSignature(Path path, PageFlushObserver observer) {
    this.path = path;
    this.observer = observer;
  }

  /** A state was delivered. */
  void after(BoltState known) {
    if (System.nanoTime() - toldAt >= PAUSE_NANOS) {
      tell(known);
    }
  }

  /** Tells that of a state, if it is still the newest. */
  void tell(BoltState known) {
    try (BoltFile file = BoltFile.open(path)) {
      if (!file.identity().equals(known.identity())) {
        return;
      }
      BoltSignature now = BoltState.signature(known.identity(), known.meta(), file);
      Proof.sameMeta(file, known.meta()).require();
      toldAt = System.nanoTime();
      if (now != null && !now.token().equals(last)) {
        last = now.token();
        observer.onSignature(last);
      }
    } catch (IOException e) {
      // There is a newer state already, after which it is tried again; so is a file that is
      // damaged.
    }
  }
}
