package dev.stream.core.listen;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a listener of the application's, and keeps whatever it throws from what goes on: an {@code
 * Error} too, for a class or method that a listener lacks says nothing about Stream. Safe for use
 * by several threads.
 */
public final class ListenerCalls {

  private static final Logger LOG = LoggerFactory.getLogger(ListenerCalls.class);

  private final Object listener;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** Calls of one listener, which messages name by its class. */
  public ListenerCalls(Object listener) {
    this.listener = listener;
  }

  /**
   * Calls it. The first failure of each method is logged with its trace, later ones in a line: a
   * method may be called for every block of a restore.
   *
   * @param method which one, for the log
   */
  public void run(String method, Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      tell(method, e);
    }
  }

  private void tell(String method, Throwable thrown) {
    try {
      String name = listener.getClass().getName();
      if (told.add(method)) {
        LOG.warn("{}.{} failed, which Stream ignores", name, method, thrown);
      } else {
        LOG.debug("{}.{} failed again: {}", name, method, thrown.toString());
      }
    } catch (Throwable unloggable) {
      // Memory that ran out, or a fault in what logs: neither may end what called the listener.
    }
  }
}
