package dev.stream.core.plugin;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.ReplicaProvider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A plug-in's replica, whose classes may turn out not to fit in the middle of an operation: that
 * must fail the operation like any other refusal of the store, and not end the thread that asked.
 */
public final class PluginReplica implements Replica {

  private final Replica replica;
  private final ReplicaProvider<?> provider;

  private PluginReplica(Replica replica, ReplicaProvider<?> provider) {
    this.replica = replica;
    this.provider = provider;
  }

  /**
   * Opens a replica.
   *
   * @throws ReplicaException as {@link ReplicaProvider#open} says, or as rejected if the plug-in
   *     does not fit
   */
  public static <C> Replica open(ReplicaProvider<C> provider, Object config) throws IOException {
    try {
      return new PluginReplica(provider.open(provider.configType().cast(config)), provider);
    } catch (LinkageError e) {
      throw misfit("open", provider, e);
    }
  }

  private static ReplicaException misfit(
      String doing, ReplicaProvider<?> provider, LinkageError error) {
    return new ReplicaException(
        Reason.REJECTED, "cannot " + doing + ": " + PluginMisfit.describe(provider, error), error);
  }

  @Override
  public String name() {
    return replica.name();
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    try {
      return replica.put(key, body);
    } catch (LinkageError e) {
      throw misfit("store " + key, provider, e);
    }
  }

  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    try {
      return replica.create(key, body);
    } catch (LinkageError e) {
      throw misfit("store " + key, provider, e);
    }
  }

  /** A plug-in that cannot even say is not relied upon. */
  @Override
  public boolean createsExclusively() {
    try {
      return replica.createsExclusively();
    } catch (LinkageError e) {
      return false;
    }
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    try {
      return new Content(replica.open(key, offset, length), "read " + key);
    } catch (LinkageError e) {
      throw misfit("read " + key, provider, e);
    }
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    String doing = "list '" + prefix + "'";
    try {
      return new Listing(replica.list(prefix), doing);
    } catch (LinkageError e) {
      throw misfit(doing, provider, e);
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    try {
      replica.delete(keys);
    } catch (LinkageError e) {
      throw misfit("delete " + keys, provider, e);
    }
  }

  @Override
  public void protectLike(Path database) {
    replica.protectLike(database);
  }

  @Override
  public List<String> warnings() throws IOException {
    try {
      return replica.warnings();
    } catch (LinkageError e) {
      throw misfit("say how its store is set up", provider, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      replica.close();
    } catch (LinkageError e) {
      throw misfit("close", provider, e);
    }
  }

  private final class Content extends FilterInputStream {

    private final String doing;

    Content(InputStream content, String doing) {
      super(content);
      this.doing = doing;
    }

    @Override
    public int read() throws IOException {
      try {
        return super.read();
      } catch (LinkageError e) {
        throw misfit(doing, provider, e);
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return super.read(target, offset, length);
      } catch (LinkageError e) {
        throw misfit(doing, provider, e);
      }
    }
  }

  private final class Listing implements ObjectListing {

    private final ObjectListing listing;
    private final String doing;

    Listing(ObjectListing listing, String doing) {
      this.listing = listing;
      this.doing = doing;
    }

    @Override
    public boolean hasNext() throws IOException {
      try {
        return listing.hasNext();
      } catch (LinkageError e) {
        throw misfit(doing, provider, e);
      }
    }

    @Override
    public ObjectInfo next() throws IOException {
      try {
        return listing.next();
      } catch (LinkageError e) {
        throw misfit(doing, provider, e);
      }
    }

    @Override
    public void close() throws IOException {
      listing.close();
    }
  }
}
