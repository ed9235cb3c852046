package dev.stream.core.shadow;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.RangeStream;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A replica together with the shadow directory that lies before it, for reading: the union of both,
 * an artefact that both have from the directory. Closing it closes neither.
 */
public final class ShadowOverlay implements Replica {

  private final ShadowDirectory directory;
  private final @Nullable Replica replica;

  /** The shadow directory over a replica; null for the directory alone. */
  public ShadowOverlay(ShadowDirectory directory, @Nullable Replica replica) {
    this.directory = directory;
    this.replica = replica;
  }

  @Override
  public String name() {
    String folder = directory.root().toString();
    return replica == null ? folder : replica.name() + " and " + folder;
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    NavigableMap<ObjectKey, ObjectInfo> union = new TreeMap<>();
    if (replica != null) {
      try (ObjectListing listing = replica.list(prefix)) {
        while (listing.hasNext()) {
          ObjectInfo info = listing.next();
          union.put(info.key(), info);
        }
      }
    }
    for (GenerationListing generation : directory.list().generations()) {
      for (ArtefactDescriptor artefact : generation.artefacts()) {
        if (artefact.key().value().startsWith(prefix)) {
          union.put(
              artefact.key(), new ObjectInfo(artefact.key(), artefact.size(), artefact.storedAt()));
        }
      }
    }
    return listing(union.values().iterator());
  }

  private static ObjectListing listing(Iterator<ObjectInfo> infos) {
    return new ObjectListing() {
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
    };
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    InputStream file;
    try {
      file = Files.newInputStream(directory.path(key));
    } catch (NoSuchFileException e) {
      if (replica == null) {
        throw new ReplicaException(Reason.NOT_FOUND, key + " is not in " + name(), e);
      }
      return replica.open(key, offset, length);
    }
    try {
      file.skipNBytes(offset);
    } catch (EOFException e) {
      // past its end there is nothing, as the contract says
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new RangeStream(length) {
      @Override
      protected int readSome(byte[] target, int from, int most) throws IOException {
        return file.read(target, from, most);
      }

      @Override
      protected IOException typed(IOException failure) {
        return failure;
      }

      @Override
      protected void release() throws IOException {
        file.close();
      }
    };
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    throw readOnly("store " + key);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    throw readOnly("delete");
  }

  private ReplicaException readOnly(String what) {
    return new ReplicaException(
        Reason.REJECTED, "cannot " + what + ": " + name() + " is for reading");
  }

  @Override
  public void close() {}
}
