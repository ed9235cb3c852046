package dev.stream.core.seal;

import dev.stream.core.shadow.SealedState;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of which images were fixed: at each of them a segment has to end, and the state
 * there is what the image must be. Changed with the lock of sealing held only.
 */
final class ImageBoundaries {

  private final NavigableSet<Long> cuts = new ConcurrentSkipListSet<>();
  private @Nullable SealedState newest;

  /** Another generation begins. */
  void clear() {
    cuts.clear();
    newest = null;
  }

  /** Those to which nothing is sealed yet; safe for use by several threads. */
  NavigableSet<Long> cuts() {
    return cuts;
  }

  /** An image was fixed, while this was the last sealed state. */
  void fixed(long txId, @Nullable SealedState sealed) {
    if (sealed != null && sealed.txId() == txId) {
      newest = sealed;
    } else {
      cuts.add(txId);
    }
  }

  /** A segment ends at this state. */
  void sealed(SealedState after) {
    if (cuts.remove(after.txId())) {
      newest = after;
    }
  }

  /** The state of which an image was fixed; null if no segment ends there. */
  @Nullable SealedState at(long txId) {
    SealedState known = newest;
    return known != null && known.txId() == txId ? known : null;
  }
}
