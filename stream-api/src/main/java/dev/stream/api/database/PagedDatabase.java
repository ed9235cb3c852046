package dev.stream.api.database;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A database whose commits are observed, page by page.
 *
 * <p>{@link #start}, {@link #snapshot}, {@link #sync} and {@link #close} may be called from any
 * thread. The source leaves nothing of its own in the user's database.
 */
public interface PagedDatabase extends AutoCloseable {

  /** What database this is. */
  DatabaseInfo info();

  /**
   * Begins capture; once only. If the source can prove that it sees every commit after {@code
   * resume}, it delivers them and then calls {@link PageFlushObserver#onBase} with a proven
   * continuity; otherwise it calls it at once, with the reason, and the image's transaction id is
   * greater than {@code resume.txId()}. Returns after that call.
   *
   * @param resume where an earlier capture ended, or null for none (transactions then count from 1)
   * @throws IOException if the database cannot be captured at all; nothing was changed then
   */
  void start(@Nullable ResumePosition resume, PageFlushObserver observer) throws IOException;

  /**
   * Fixes an image of the newest commit. Every flush up to its transaction has been delivered to
   * the observer when this returns. Commits wait no longer than it takes to fix the image.
   */
  DatabaseImage snapshot() throws IOException;

  /**
   * Delivers every commit that returned to its caller before this call.
   *
   * @throws IOException if they could not be delivered
   */
  void sync() throws IOException;

  /** Ends capture, after a last attempt to deliver what is committed. Repeatable. */
  @Override
  void close() throws IOException;
}
