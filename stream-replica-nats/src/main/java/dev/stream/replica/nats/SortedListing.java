package dev.stream.replica.nats;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectListing;
import java.util.Iterator;

/** A listing that is all there. */
final class SortedListing implements ObjectListing {

  private final Iterator<ObjectInfo> infos;

  SortedListing(Iterator<ObjectInfo> infos) {
    this.infos = infos;
  }

  @Override
  public boolean hasNext() {
    return infos.hasNext();
  }

  @Override
  public ObjectInfo next() {
    return infos.next();
  }

  @Override
  public void close() {}
}
