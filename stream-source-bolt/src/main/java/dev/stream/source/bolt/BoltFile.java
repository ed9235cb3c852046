package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bolt file that is open for reading. Nothing is locked: bolt's own lock is {@code flock}, which
 * belongs to the writer's descriptor, so that closing this one releases nothing.
 */
final class BoltFile implements AutoCloseable, FileBytes {

  private static final int OPEN_ATTEMPTS = 5;
  private static final Pattern INODE = Pattern.compile("ino=(\\d+)");

  private final Path path;
  private final FileChannel channel;
  private final String identity;

  private BoltFile(Path path, FileChannel channel, String identity) {
    this.path = path;
    this.channel = channel;
    this.identity = identity;
  }

  /**
   * Opens the file that is at a path now.
   *
   * @throws IOException if there is none, or it keeps being replaced
   */
  static BoltFile open(Path path) throws IOException {
    for (int i = 0; i < OPEN_ATTEMPTS; i++) {
      String before = identity(path);
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      boolean same = false;
      try {
        same = before.equals(identity(path));
        if (same) {
          return new BoltFile(path, channel, before);
        }
      } finally {
        if (!same) {
          channel.close();
        }
      }
    }
    throw new IOException(path + " is being replaced again and again");
  }

  private static String identity(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new IOException(path + " is no file: name the bolt database file");
      }
      Object key = attributes.fileKey();
      return key == null ? attributes.creationTime().toString() : key.toString();
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(path + " is missing: there is no bolt database");
    }
  }

  /** Where it was opened; by now another file may be there. */
  @Override
  public Path path() {
    return path;
  }

  /** Tells this file from another one at the same path. */
  String identity() {
    return identity;
  }

  /** The number of the file, by which programs know it, too, and that outlasts a restart. */
  static String inode(String identity) {
    Matcher matcher = INODE.matcher(identity);
    return matcher.find() ? matcher.group(1) : identity.replaceAll("\\s", "");
  }

  /** When the file at the path was changed last. */
  FileTime changed() throws IOException {
    return Files.getLastModifiedTime(path);
  }

  long size() throws IOException {
    return channel.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int from = target.position();
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        break;
      }
      at += count;
    }
    return target.position() - from;
  }

  /**
   * The newest transaction, by the rule of bolt: of the metas that are sound the one with the
   * greater number.
   *
   * @throws DamagedFileException if none is sound, saying what is there instead
   */
  BoltMeta newest() throws IOException {
    BoltMeta.Finding first = find(0);
    BoltMeta one = first.meta();
    if (one != null) {
      BoltMeta two = find(one.pageSize()).meta();
      return two != null && two.pageSize() == one.pageSize() && two.isAfter(one) ? two : one;
    }
    BoltMeta.Finding second = first;
    for (int at = BoltMeta.SMALLEST_PAGE; at <= BoltMeta.LARGEST_PAGE; at *= 2) {
      BoltMeta.Finding finding = find(at);
      BoltMeta meta = finding.meta();
      if (meta != null && meta.pageSize() == at) {
        return meta;
      }
      if (at == BoltMeta.SMALLEST_PAGE) {
        second = finding;
      }
    }
    throw new DamagedFileException(explain(first.fault(), second.fault()));
  }

  private String explain(String first, String second) throws IOException {
    if (size() == 0) {
      return path + " is empty: no program has made a bolt database of it yet";
    }
    if (!isMarked()) {
      return path + " is no bolt database: " + first;
    }
    return path
        + " cannot be opened: neither of its two meta pages is sound (page 0: "
        + first
        + "; page 1: "
        + second
        + ")";
  }

  /** Whether bolt's mark is where it has to be, at the place of one of the metas at least. */
  boolean isMarked() throws IOException {
    return BoltMeta.isMarked(page(0)) || BoltMeta.isMarked(page(BoltMeta.SMALLEST_PAGE));
  }

  /** What is at the place of a meta. */
  BoltMeta.Finding find(long position) throws IOException {
    return BoltMeta.find(page(position));
  }

  private ByteBuffer page(long position) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(BoltMeta.BYTES);
    read(page, position);
    return page.flip();
  }

  /** Whether the file is still the one at its path. */
  boolean isCurrent() throws IOException {
    return identity.equals(identity(path));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
