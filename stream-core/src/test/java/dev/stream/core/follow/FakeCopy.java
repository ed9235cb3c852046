package dev.stream.core.follow;

import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.PageFrames;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A copy whose disk outlives its process, and a type of database that has such copies. */
final class FakeCopy implements FollowedCopy {

  /** What is on the disk, and what goes wrong. */
  static final class Disk implements PagedDatabaseProvider<Disk.Config> {

    record Config() {}

    /** Killed at this moment: nothing else is done. */
    static final class Killed extends Error {
      private static final long serialVersionUID = 1L;
    }

    final Path path;
    final Random random;
    byte @Nullable [] bytes;
    @Nullable String note;
    int troubles;

    /** Whether somebody is reading it all the time. */
    boolean busy;

    Disk(Path path, Random random) {
      this.path = path;
      this.random = random;
    }

    /** As somebody else would. */
    void scribble() throws IOException {
      byte[] now = bytes;
      if (now != null && now.length > 0) {
        now[random.nextInt(now.length)] ^= 1;
        Files.write(path, now);
        note = random.nextBoolean() ? null : note;
      }
    }

    void write(byte[] newBytes, String newNote) throws IOException {
      bytes = newBytes;
      note = newNote;
      Files.write(path, newBytes);
    }

    /** Something happens, now and then. */
    void trouble() throws IOException {
      if (random.nextInt(100) < troubles) {
        if (random.nextBoolean()) {
          throw new Killed();
        }
        throw new IOException("the disk of the copy fails " + random.nextInt(9));
      }
    }

    @Override
    public String type() {
      return "test";
    }

    @Override
    public Class<Config> configType() {
      return Config.class;
    }

    @Override
    public Path path(Config config) {
      return path;
    }

    @Override
    public PagedDatabase open(Config config) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Path> companions(Path file) {
      return List.of();
    }

    @Override
    public void check(Path file, boolean thorough) {}

    @Override
    public FollowedCopy follow(Path copy) {
      return new FakeCopy(this);
    }
  }

  private final Disk disk;

  private FakeCopy(Disk disk) {
    this.disk = disk;
  }

  @Override
  public @Nullable String note() {
    return disk.note;
  }

  @Override
  public boolean isStranger() {
    return disk.bytes == null && Files.exists(disk.path);
  }

  @Override
  public boolean isChangeable() {
    return disk.bytes != null;
  }

  @Override
  public void begin(Path proven, String note) throws IOException {
    disk.trouble();
    byte[] bytes = Files.readAllBytes(proven);
    Files.delete(proven);
    disk.write(bytes, note);
    disk.trouble();
  }

  @Override
  public void read(int pageSize, long firstPageId, int count, ByteBuffer target)
      throws IOException {
    disk.trouble();
    byte[] bytes = disk.bytes == null ? new byte[0] : disk.bytes;
    int from = (int) Math.min(bytes.length, (firstPageId - 1) * pageSize);
    target.put(Arrays.copyOfRange(bytes, from, from + count * pageSize));
  }

  @Override
  public Outcome change(
      int pageSize, long highWaterMark, PageFrames changes, String note, Duration patience)
      throws IOException {
    disk.trouble();
    if (disk.busy || disk.random.nextInt(100) < disk.troubles) {
      return Outcome.BUSY;
    }
    if (disk.note == null && disk.random.nextInt(100) < disk.troubles) {
      return Outcome.FOREIGN;
    }
    byte[] before = disk.bytes == null ? new byte[0] : disk.bytes;
    byte[] after = Arrays.copyOf(before, (int) highWaterMark * pageSize);
    changes.forEach(
        frame -> {
          int at = (int) (frame.id() - 1) * pageSize;
          frame.data().get(frame.data().position(), after, at, frame.pages() * pageSize);
        });
    disk.trouble();
    disk.write(after, note);
    disk.trouble();
    return Outcome.CHANGED;
  }

  @Override
  public void close() {}
}
