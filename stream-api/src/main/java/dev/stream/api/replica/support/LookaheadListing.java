package dev.stream.api.replica.support;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectListing;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A listing that has to look for its next object to know whether there is one. For one thread. */
public abstract class LookaheadListing implements ObjectListing {

  private @Nullable ObjectInfo next;
  private boolean closed;

  /** A listing that has not looked for its first object yet. */
  protected LookaheadListing() {}

  /** A listing of objects that are all known already, in ascending order of their keys. */
  public static ObjectListing of(Iterator<ObjectInfo> objects) {
    return new LookaheadListing() {
      @Override
      protected @Nullable ObjectInfo find() {
        return objects.hasNext() ? objects.next() : null;
      }
    };
  }

  /**
   * Looks for the object after the last one that was found; may ask the store. It is not called any
   * more once the listing is closed.
   *
   * @return null at the end, and then each time
   * @throws IOException if the store does not tell; a later call may try again
   */
  protected abstract @Nullable ObjectInfo find() throws IOException;

  @Override
  public final boolean hasNext() throws IOException {
    if (next == null && !closed) {
      next = find();
    }
    return next != null;
  }

  @Override
  public final ObjectInfo next() throws IOException {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the listing is at its end");
    }
    ObjectInfo found = next;
    next = null;
    return found;
  }

  /** Ends the listing. A store that holds something for it lets go of that here, too. */
  @Override
  public void close() throws IOException {
    closed = true;
    next = null;
  }
}
