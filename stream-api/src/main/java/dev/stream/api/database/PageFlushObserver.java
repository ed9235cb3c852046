package dev.stream.api.database;

import java.io.IOException;
import java.time.Duration;

/**
 * Takes what a database source captures. A source calls it from one thread at a time, in the order
 * of transactions.
 */
public interface PageFlushObserver {

  /**
   * Takes the pages of a run of commits. When this returns they are in the shadow log.
   *
   * @throws IOException if they are not; the source must then hand over the same transactions
   *     again, alone or in a longer run, or start anew with {@link #onBase}
   */
  void onPageFlush(PageFlush flush) throws IOException;

  /**
   * Takes the image on which the flushes after it build. The source calls this once at start, after
   * the flushes it could still deliver from the resume position, and again whenever continuity is
   * in doubt. The observer owns the image and closes it.
   *
   * @throws IOException if the image could not be taken; the source must call again
   */
  void onBase(DatabaseImage image, Continuity continuity) throws IOException;

  /** Something an operator should know though nothing is wrong; a sentence. */
  void onNotice(String message);

  /**
   * Something an operator should look at, though capture goes on; a sentence. The same as {@link
   * #onNotice} unless an observer tells them apart.
   */
  default void onWarning(String message) {
    onNotice(message);
  }

  /**
   * Capture is interrupted; the source keeps trying and loses nothing it can still reach. Called
   * again only when the message changes or after a while.
   */
  void onTrouble(String message);

  /** Capture works again after {@link #onTrouble}. */
  void onRecovered();

  /**
   * Every commit that returned to its caller before the source's last look at the database has been
   * delivered. A source that has to look for commits calls this after each look, also when there
   * was nothing new, so that one which no longer looks is noticed; a source in the commit path need
   * not. Cheap.
   */
  default void onLooked() {}

  /**
   * For how long a source that follows a database from outside may put off the delivery of commits,
   * as long as nothing can take them away from it: what is delivered together is read, compared and
   * stored once. A source need not make use of it, and {@link PagedDatabase#sync} and {@link
   * PagedDatabase#snapshot} put off nothing. The same for as long as capture runs.
   *
   * @return not negative; zero, as by default, if each commit is wanted as soon as it is seen
   */
  default Duration deliveryDelay() {
    return Duration.ZERO;
  }

  /**
   * There are commits that the source puts off. Called at each look that finds it so, in place of
   * {@link #onLooked}: the first call since the last flush tells how old the oldest is. Cheap.
   */
  default void onPutOff() {}

  /**
   * The signature of the state delivered last has changed ({@link DatabaseImage#signature}). A
   * source need not tell of every change; what it told last is what a later image is held against.
   *
   * @param signature not empty
   */
  default void onSignature(String signature) {}
}
