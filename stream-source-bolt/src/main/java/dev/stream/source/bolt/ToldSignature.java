package dev.stream.source.bolt;

import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Tells the observer by which signature the file is known again. The observer keeps it durably, so
 * it is told once a minute, and at the end. For use by one thread.
 */
final class ToldSignature {

  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

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
      Proof proof = Proof.sameMeta(file, known.meta());
      proof.require();
      String token = known.signature(file).token();
      proof.require();
      toldAt = System.nanoTime();
      if (!token.equals(last)) {
        last = token;
        observer.onSignature(token);
      }
    } catch (IOException e) {
      // There is a newer state already, after which it is tried again.
    }
  }
}
