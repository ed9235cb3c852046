package dev.stream.source.h2;

import dev.stream.api.database.PageFlushObserver;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That an observer does not take what is handed over: told once when it begins, and when it is
 * over, to people and to the observer itself. For use with the commit lock held, but for {@link
 * #tell}.
 */
final class ObserverTrouble {

  private static final Logger LOG = LoggerFactory.getLogger(ObserverTrouble.class);

  /** Something the observer is told, and may fail at. */
  @FunctionalInterface
  interface Message {
    void to(PageFlushObserver observer);
  }

  private final Path file;
  private final AtomicLong failures;
  private boolean troubled;

  /**
   * None yet.
   *
   * @param failures counts what the observer did not take
   */
  ObserverTrouble(Path file, AtomicLong failures) {
    this.file = file;
    this.failures = failures;
  }

  /** The observer did not take a transaction. */
  void failed(PageFlushObserver observer, long txId, Throwable failure) {
    failures.incrementAndGet();
    if (!troubled) {
      troubled = true;
      String message =
          "the observer of "
              + file
              + " did not take transaction "
              + txId
              + ": "
              + failure
              + "; commits go on, but those from here on are not protected until it takes them. It"
              + " is tried again.";
      LOG.error(message, failure);
      tell(observer, observing -> observing.onTrouble(message));
    }
  }

  /** It has taken everything. */
  void over(PageFlushObserver observer) {
    if (troubled) {
      troubled = false;
      LOG.info("capture of {} works again", file);
      tell(observer, PageFlushObserver::onRecovered);
    }
  }

  /** Tells the observer something, whatever it makes of it. */
  void tell(PageFlushObserver observer, Message message) {
    try {
      message.to(observer);
    } catch (RuntimeException e) {
      LOG.warn("the observer of {} failed at a message", file, e);
    }
  }
}
