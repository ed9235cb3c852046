package dev.stream.it.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of a file, made of nothing but the writes that were seen; each write ends at a
 * boundary, about which somebody is told. Its channels hold its monitor.
 */
final class WrittenFile {

  private final Boundaries boundaries;
  private byte[] bytes = {};
  private int size;
  private int count;
  private int newest;
  private long newestVersion;

  WrittenFile(Boundaries boundaries) {
    this.boundaries = boundaries;
  }

  void opened(Path file) throws IOException {
    bytes = Files.readAllBytes(file);
    size = bytes.length;
    newestVersion = -1;
  }

  void writing() {
    boundaries.coming();
  }

  void wrote(long position, ByteBuffer data) throws IOException {
    int at = Math.toIntExact(position);
    int length = data.remaining();
    if (at + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + length, 2 * bytes.length));
    }
    data.get(bytes, at, length);
    size = Math.max(size, at + length);
    long version = StoreHeader.version(bytes, at);
    if (version >= newestVersion) {
      newestVersion = version;
      newest = at;
    }
    count++;
    boundaries.reached(this, "write %d of %d bytes at %d".formatted(count, length, at));
  }

  void truncated(long newSize) throws IOException {
    int end = Math.toIntExact(Math.min(newSize, size));
    Arrays.fill(bytes, end, size, (byte) 0);
    size = end;
    count++;
    boundaries.reached(this, "write %d, a truncation to %d".formatted(count, newSize));
  }

  synchronized byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Where the chunk of the highest version that was seen begins; moving one writes it again. */
  synchronized int newestChunk() {
    return newestVersion < 0 ? -1 : newest;
  }

  /** How many writes and truncations there were. */
  synchronized int count() {
    return count;
  }
}
