package dev.stream.core.count;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectListing;
import java.io.IOException;

/** A listing being read, of which time and failures are counted. For use by one thread. */
final class CountedListing implements ObjectListing {

  private final ObjectListing listing;
  private final CountedCall call;

  CountedListing(ObjectListing listing, CountedCall call) {
    this.listing = listing;
    this.call = call;
  }

  @Override
  public boolean hasNext() throws IOException {
    return call.in(listing::hasNext);
  }

  @Override
  public ObjectInfo next() throws IOException {
    return call.in(listing::next);
  }

  @Override
  public void close() throws IOException {
    try (call) {
      listing.close();
    }
  }
}
