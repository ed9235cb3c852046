package dev.stream.api.replica;

import java.time.Instant;

/**
 * What a listing says of an object.
 *
 * @param key its name
 * @param size its length in bytes
 * @param modifiedAt when it was stored, by the store's clock
 */
public record ObjectInfo(ObjectKey key, long size, Instant modifiedAt) {

  /** Validates the size. */
  public ObjectInfo {
    if (size < 0) {
      throw new IllegalArgumentException("size of " + key + " is negative: " + size);
    }
  }
}
