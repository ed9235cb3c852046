package org.example.legacy;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** All objects side by side in one folder, with {@code +} for the slashes of their keys. */
final class LegacyReplica implements Replica {

  private static final String UNFINISHED = "~";

  private final Path box;

  LegacyReplica(Path box) {
    this.box = box;
  }

  private Path file(ObjectKey key) {
    return box.resolve(key.value().replace('/', '+'));
  }

  @Override
  public String name() {
    return "legacy:" + box;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    Path staged = box.resolve(UNFINISHED + UUID.randomUUID());
    try {
      try (InputStream content = body.open()) {
        Files.copy(content, staged);
      }
      if (Files.size(staged) != body.size()) {
        throw new ReplicaException(Reason.REJECTED, "the body of " + key + " is not so long");
      }
      force(staged, StandardOpenOption.WRITE);
      Files.move(staged, file(key), StandardCopyOption.ATOMIC_MOVE);
      force(box, StandardOpenOption.READ);
      return info(key);
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  private static void force(Path path, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }

  private ObjectInfo info(ObjectKey key) throws IOException {
    Path file = file(key);
    return new ObjectInfo(key, Files.size(file), Files.getLastModifiedTime(file).toInstant());
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file(key))) {
      long rest = Math.max(0, Math.min(length, channel.size() - offset));
      ByteBuffer range = ByteBuffer.allocate(Math.toIntExact(rest));
      while (range.hasRemaining() && channel.read(range, offset + range.position()) >= 0) {}
      return new ByteArrayInputStream(range.array(), 0, range.position());
    } catch (NoSuchFileException e) {
      throw new ReplicaException(Reason.NOT_FOUND, "no object " + key + " in " + box, e);
    }
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    List<ObjectInfo> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(box)) {
      for (Path file : files.toList()) {
        String key = file.getFileName().toString().replace('+', '/');
        if (!key.startsWith(UNFINISHED) && key.startsWith(prefix)) {
          found.add(info(new ObjectKey(key)));
        }
      }
    }
    found.sort(Comparator.comparing(ObjectInfo::key));
    return new Listing(found.iterator());
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    for (ObjectKey key : keys) {
      Files.deleteIfExists(file(key));
    }
  }

  @Override
  public void close() {}

  private record Listing(Iterator<ObjectInfo> objects) implements ObjectListing {

    @Override
    public boolean hasNext() {
      return objects.hasNext();
    }

    @Override
    public ObjectInfo next() {
      return objects.next();
    }

    @Override
    public void close() {}
  }
}
