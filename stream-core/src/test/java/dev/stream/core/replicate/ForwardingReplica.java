package dev.stream.core.replicate;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;

/** A replica that passes everything on; tests override what is to be different. */
public class ForwardingReplica implements Replica {

  private final Replica inner;

  public ForwardingReplica(Replica inner) {
    this.inner = inner;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return inner.put(key, body);
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return inner.create(key, body);
  }

  @Override
  public boolean createsExclusively() {
    return inner.createsExclusively();
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    return inner.open(key, offset, length);
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    return inner.list(prefix);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    inner.delete(keys);
  }

  @Override
  public void close() throws IOException {
    inner.close();
  }
}
