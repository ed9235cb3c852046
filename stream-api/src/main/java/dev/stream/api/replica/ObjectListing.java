package dev.stream.api.replica;

import java.io.IOException;

/**
 * A listing under way; it may fetch page after page from the store. For use by one thread.
 *
 * <p>Whether an object stored or removed while the listing runs is seen, is open.
 */
public interface ObjectListing extends AutoCloseable {

  /** Whether there is another object; may ask the store. */
  boolean hasNext() throws IOException;

  /**
   * The next object.
   *
   * @throws java.util.NoSuchElementException after the last one
   */
  ObjectInfo next() throws IOException;

  /** Ends the listing. Repeatable. */
  @Override
  void close() throws IOException;
}
