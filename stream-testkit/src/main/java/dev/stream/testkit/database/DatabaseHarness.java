package dev.stream.testkit.database;

import dev.stream.api.database.PagedDatabase;
import java.io.IOException;
import java.util.Random;

/**
 * A real database under the hands of {@link PagedDatabaseContract}: what writes it, and what is
 * known of it without Stream.
 *
 * <p>{@link #commit} may be called while another thread uses the captured database; all else is
 * called by one thread.
 */
public interface DatabaseHarness extends AutoCloseable {

  /** Opens the database for capture. The contract closes what it returns, once or more. */
  PagedDatabase open() throws Exception;

  /**
   * Makes a random change that depends on nothing but the database and {@code random}, and commits
   * it; when this returns it is committed. Now and then the change is to grow and shrink the file.
   * Also called while no capture runs.
   */
  void commit(Random random) throws Exception;

  /**
   * The bytes of the database file as of the newest commit, learnt by other means than Stream.
   * Nothing writes meanwhile.
   */
  byte[] image() throws Exception;

  /**
   * Ends a capture as {@code kill -9} would: without a last delivery. What the operating system
   * would release must be released.
   *
   * @return false if this harness cannot do so, which skips a test
   */
  default boolean crash(PagedDatabase database) throws Exception {
    return false;
  }

  /**
   * While no capture runs, does what makes it impossible to prove continuity, such as replacing the
   * file or writing the log back.
   *
   * @return false if this harness cannot do so, which skips a test
   */
  default boolean breakContinuity() throws Exception {
    return false;
  }

  /** Closes connections and ends processes. */
  @Override
  void close() throws IOException;
}
