package org.example.stream.webdav;

import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts the attempts of one operation whose answer a look at the server contradicts. Others have
 * made, deleted or stored something in between, so the same request will mostly succeed at once;
 * only an answer that is still the same after a few attempts is believed. Failures that no look
 * contradicts are not for here: Stream itself tries again. For one thread.
 */
final class Attempts {

  /** All pauses together take less than a third of a second, so that no shutdown waits for them. */
  static final int MOST = 6;

  private int made = 1;

  /**
   * Whether there is to be another attempt; returns after a pause if so. It is longer each time,
   * and of random length, lest two that spoil each other's attempts do so again and again.
   */
  boolean again(String doing) throws InterruptedIOException {
    if (made == MOST) {
      return false;
    }
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(5L << made));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException("interrupted: cannot " + doing).initCause(e);
    }
    made++;
    return true;
  }
}
