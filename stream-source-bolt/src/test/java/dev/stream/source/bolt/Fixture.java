package dev.stream.source.bolt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A database of pages of 4096 bytes that bbolt 1.5.0 wrote (the program {@code boltwriter} of
 * stream-it, commits 1 to 20), as it was left ({@code written}) and as bbolt itself backs it up,
 * with free pages as zeros ({@code canonical}).
 */
final class Fixture {

  static final int PAGE = 4096;

  private Fixture() {}

  static byte[] bytes(String name) throws IOException {
    try (InputStream packed = Fixture.class.getResourceAsStream(name + ".db.gz");
        InputStream in = new GZIPInputStream(Objects.requireNonNull(packed, name))) {
      return in.readAllBytes();
    }
  }

  /** Writes it to a file. */
  static Path written(Path folder) throws IOException {
    return Files.write(folder.resolve("state.db"), bytes("written"));
  }

  /** Takes back its last transaction; returns the meta that commits it. */
  static BoltMeta takeBack(Path file) throws IOException {
    BoltMeta last = meta(file);
    takeBack(file, last);
    return last;
  }

  /** Makes of it what it was one transaction earlier: bolt has written to none of its pages yet. */
  static void takeBack(Path file, BoltMeta last) throws IOException {
    patchInt(file, (long) last.slot() * PAGE + 72, 0);
  }

  /** What a reading would deliver. */
  static List<String> frames(Reading reading) throws IOException {
    List<String> frames = new ArrayList<>();
    reading
        .frames()
        .forEach(
            frame -> {
              byte[] bytes = new byte[frame.data().remaining()];
              frame.data().get(bytes);
              frames.add(frame.id() + " " + HexFormat.of().formatHex(bytes));
            });
    return frames;
  }

  static BoltMeta meta(Path file) throws IOException {
    try (BoltFile open = BoltFile.open(file)) {
      return open.newest();
    }
  }

  /** Overwrites a part of a file. */
  static void patch(Path file, long at, ByteBuffer bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(bytes, at);
    }
  }

  static void patchLong(Path file, long at, long value) throws IOException {
    patch(file, at, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value));
  }

  static void patchInt(Path file, long at, int value) throws IOException {
    patch(file, at, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value));
  }

  static long longAt(Path file, long at) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getLong((int) at);
  }

  /** The same state under another number, as a commit that changes nothing would leave it. */
  static BoltMeta numbered(BoltMeta meta, long txId) {
    return new BoltMeta(
        meta.pageSize(),
        meta.flags(),
        meta.root(),
        meta.sequence(),
        meta.freelist(),
        meta.highWaterMark(),
        txId);
  }

  /** Writes a meta where a commit writes it. */
  static void commit(Path file, BoltMeta meta) throws IOException {
    int page = meta.pageSize();
    patch(file, (long) meta.slot() * page, meta.firstPages().slice(meta.slot() * page, page));
  }
}
