package dev.stream.testkit.replica;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.support.LookaheadListing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hides objects from the listings that follow their put. Thread-safe. */
final class LateListing {

  private final Map<ObjectKey, Integer> hidden = new HashMap<>();
  private int delay;

  synchronized void by(int listings) {
    delay = listings;
    if (listings == 0) {
      hidden.clear();
    }
  }

  synchronized void stored(ObjectKey key) {
    if (delay > 0) {
      hidden.put(key, delay);
    }
  }

  ObjectListing filter(ObjectListing listing) throws IOException {
    Set<ObjectKey> missing = missing();
    if (missing.isEmpty()) {
      return listing;
    }
    List<ObjectInfo> seen = new ArrayList<>();
    try (listing) {
      while (listing.hasNext()) {
        ObjectInfo info = listing.next();
        if (!missing.contains(info.key())) {
          seen.add(info);
        }
      }
    }
    return LookaheadListing.of(seen.iterator());
  }

  private synchronized Set<ObjectKey> missing() {
    Set<ObjectKey> missing = Set.copyOf(hidden.keySet());
    hidden.replaceAll((key, left) -> left - 1);
    hidden.values().removeIf(left -> left == 0);
    return missing;
  }
}
