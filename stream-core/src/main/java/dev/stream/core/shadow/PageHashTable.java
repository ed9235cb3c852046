package dev.stream.core.shadow;

import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The hash of every page of a database, and their XOR, the database checksum: 8 bytes a page, in
 * memory or in a file of which a bounded part is in memory. For use by one thread at a time.
 *
 * <p>A change reaches the file when its part of the table is written back, or has to make room; so
 * what a killed process leaves is of no one state. {@link TableFormat} says what it is worth. A
 * file that takes nothing, as on a full disk, costs memory instead; nothing is lost, but for the
 * table if the process is killed before it takes it.
 */
public final class PageHashTable implements AutoCloseable {

  private static final int CHUNK_BITS = 9;
  private static final int CHUNK = 1 << CHUNK_BITS;
  private static final int CHUNK_BYTES = CHUNK * Long.BYTES;
  private static final int TEMPORARY = 4096; // chunks: 16 MiB in memory

  private static final class Chunk {
    private final long[] hashes = new long[CHUNK];
    private boolean changed;
    private boolean used;
  }

  private final @Nullable TableStorage storage;
  private final int capacity;
  private final byte[] bytes = new byte[CHUNK_BYTES];
  private @Nullable Chunk[] chunks = new Chunk[16];
  private int[] loaded = new int[16];
  private int loadedCount;
  private int hand;
  private long stored; // so many hashes of the storage count; the others are 0, whatever it has
  private boolean cutDue; // the storage may have more than that
  private long checksum;
  // No page after it has a hash, so that a commit which cuts off nothing looks through nothing.
  private long lastSet;
  private boolean closed;
  private @Nullable IOException spoilt;

  /** A table in memory. */
  public PageHashTable() {
    this.storage = null;
    this.capacity = Integer.MAX_VALUE;
  }

  private PageHashTable(TableStorage storage, int capacity) {
    this.storage = storage;
    this.capacity = capacity;
  }

  /** An empty table in a file, of which {@code capacity} chunks of 4 KiB are in memory. */
  static PageHashTable create(TableStorage storage, int capacity) throws IOException {
    TableFormat.erase(storage);
    return new PageHashTable(storage, capacity);
  }

  /**
   * An empty table in a file that is there as long as the table is open.
   *
   * @param file does not exist
   */
  public static PageHashTable temporary(Path file) throws IOException {
    TableFile storage = TableFile.temporary(file);
    try {
      return create(storage, TEMPORARY);
    } catch (IOException e) {
      storage.close();
      throw e;
    }
  }

  /** What there is in a file. */
  static PageHashTable open(TableStorage storage, int capacity) throws IOException {
    PageHashTable table = new PageHashTable(storage, capacity);
    table.stored = Math.max(0, (storage.length() - TableFormat.HEADER) / Long.BYTES);
    table.cutDue = true; // what a torn write left behind the last whole hash
    byte[] piece = new byte[64 * CHUNK_BYTES];
    for (long index = 0; index < table.stored; index += piece.length / Long.BYTES) {
      ByteBuffer read =
          ByteBuffer.wrap(piece, 0, storage.read(TableFormat.offset(index), piece, piece.length));
      for (long id = index + 1; read.remaining() >= Long.BYTES; id++) {
        long hash = read.getLong();
        table.checksum ^= hash;
        table.lastSet = hash == 0 ? table.lastSet : id;
      }
    }
    return table;
  }

  /** XOR of all hashes. */
  public long checksum() {
    return checksum;
  }

  /**
   * The hash of a page; 0 for a page that was never set.
   *
   * @throws IOException if it cannot be read
   */
  public long get(long pageId) throws IOException {
    if (pageId > lastSet) {
      return 0;
    }
    IOException lost = spoilt;
    if (lost != null) {
      throw new IOException(
          "the table of page hashes could not be read (" + lost + "); it is read anew at the start",
          lost);
    }
    return chunk(pageId).hashes[(int) (pageId - 1) & (CHUNK - 1)];
  }

  /**
   * Replaces the hash of a page.
   *
   * @throws IOException if the one before cannot be read; nothing changed
   */
  public void set(long pageId, long hash) throws IOException {
    long before = get(pageId);
    if (before == hash) {
      return;
    }
    Chunk chunk = chunk(pageId);
    chunk.hashes[(int) (pageId - 1) & (CHUNK - 1)] = hash;
    chunk.changed = true;
    checksum ^= before ^ hash;
    lastSet = Math.max(lastSet, pageId);
  }

  /** It lacks a change, since it could not be read: from here on it says nothing. */
  void spoil(IOException why) {
    spoilt = why;
  }

  /** XOR of the hashes of the pages after {@code highWaterMark}. */
  public long checksumAbove(long highWaterMark) throws IOException {
    long sum = 0;
    for (long id = highWaterMark + 1; id <= lastSet; ) {
      long[] hashes = chunk(id).hashes;
      for (int i = (int) (id - 1) & (CHUNK - 1); i < CHUNK && id <= lastSet; i++, id++) {
        sum ^= hashes[i];
      }
    }
    return sum;
  }

  /** Forgets the pages after {@code highWaterMark}. */
  public void truncate(long highWaterMark) throws IOException {
    if (highWaterMark >= lastSet) {
      return;
    }
    long above = checksumAbove(highWaterMark);
    int kept = (int) ((highWaterMark + CHUNK - 1) >>> CHUNK_BITS);
    if ((highWaterMark & (CHUNK - 1)) != 0) {
      Chunk last = chunk(highWaterMark);
      Arrays.fill(last.hashes, (int) highWaterMark & (CHUNK - 1), CHUNK, 0);
      last.changed = true;
    }
    for (int i = loadedCount - 1; i >= 0; i--) {
      if (loaded[i] >= kept) {
        chunks[loaded[i]] = null;
        loaded[i] = loaded[--loadedCount];
      }
    }
    if (stored > highWaterMark) {
      stored = highWaterMark;
      cutDue = true;
    }
    checksum ^= above;
    lastSet = highWaterMark;
  }

  private Chunk chunk(long pageId) throws IOException {
    int index = (int) ((pageId - 1) >>> CHUNK_BITS);
    if (index >= chunks.length) {
      chunks = Arrays.copyOf(chunks, Math.max(index + 1, chunks.length + (chunks.length >> 1)));
    }
    Chunk chunk = chunks[index];
    if (chunk == null) {
      if (loadedCount >= capacity) {
        makeRoom();
      }
      chunk = read(index);
      chunks[index] = chunk;
      if (loadedCount == loaded.length) {
        loaded = Arrays.copyOf(loaded, loadedCount + (loadedCount >> 1));
      }
      loaded[loadedCount++] = index;
    }
    chunk.used = true;
    return chunk;
  }

  private Chunk read(int index) throws IOException {
    Chunk chunk = new Chunk();
    TableStorage from = storage;
    long first = (long) index << CHUNK_BITS;
    if (from != null && first < stored) {
      int count = (int) Math.min(CHUNK, stored - first);
      int read = from.read(TableFormat.offset(first), bytes, count * Long.BYTES);
      ByteBuffer.wrap(bytes, 0, read).asLongBuffer().get(chunk.hashes, 0, read / Long.BYTES);
    }
    return chunk;
  }

  /** Lets go of a chunk that was not used for a while; of none if it cannot be written back. */
  private void makeRoom() {
    for (int looks = 2 * loadedCount; looks > 0; looks--) {
      hand = hand + 1 < loadedCount ? hand + 1 : 0;
      int index = loaded[hand];
      Chunk chunk = chunks[index];
      if (chunk == null || chunk.used) {
        if (chunk != null) {
          chunk.used = false;
        }
        continue;
      }
      try {
        writeBack(index);
      } catch (IOException e) {
        return; // it stays in memory; whoever writes all back tells
      }
      chunks[index] = null;
      loaded[hand] = loaded[--loadedCount];
      return;
    }
  }

  /** The chunks that are to be written back for the file to have everything. */
  public int[] changed() {
    return Arrays.stream(loaded, 0, loadedCount)
        .filter(
            index -> {
              Chunk chunk = chunks[index];
              return chunk != null && chunk.changed;
            })
        .sorted()
        .toArray();
  }

  /** Writes a chunk back if it is still in memory and changed. */
  public void writeBack(int index) throws IOException {
    TableStorage to = storage;
    Chunk chunk = index < chunks.length ? chunks[index] : null;
    if (to == null || closed || chunk == null || !chunk.changed) {
      return;
    }
    cut(to);
    long first = (long) index << CHUNK_BITS;
    ByteBuffer.wrap(bytes).asLongBuffer().put(chunk.hashes);
    to.write(TableFormat.offset(first), bytes, CHUNK_BYTES);
    stored = Math.max(stored, first + CHUNK);
    chunk.changed = false;
  }

  private void cut(TableStorage to) throws IOException {
    if (cutDue) {
      to.setLength(TableFormat.offset(stored));
      cutDue = false;
    }
  }

  /** Says in the file that everything up to a state has been written back. */
  public void mark(GenerationId generation, DatabaseState state) throws IOException {
    TableStorage to = storage;
    if (to != null && !closed && spoilt == null) {
      cut(to);
      TableFormat.write(to, new TableFormat.Header(generation, state));
    }
  }

  /** Writes everything back: it is the table of {@code state}. */
  public void writeBack(GenerationId generation, DatabaseState state) throws IOException {
    for (int index : changed()) {
      writeBack(index);
    }
    mark(generation, state);
  }

  /** Lets go of the file. Repeatable. */
  @Override
  public void close() throws IOException {
    closed = true;
    if (storage != null) {
      storage.close();
    }
  }
}
