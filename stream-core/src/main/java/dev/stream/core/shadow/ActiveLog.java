package dev.stream.core.shadow;

import dev.stream.api.database.PageFlush;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.state.GenerationId;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The append-only file that takes flushes before they are sealed. A flush is streamed through one
 * buffer. An append that fails leaves the log as it was: the file is cut back, and if even that
 * fails, the log refuses more and its reader stops before the remains.
 *
 * <p>For use by one thread at a time.
 */
public final class ActiveLog implements AutoCloseable {

  private static final int BUFFER = 256 << 10;

  private final Path file;
  private final LogFile out;
  private final GenerationId generation;
  private final DatabaseState parent;
  private final @Nullable Doubt doubt;
  private final long seed;
  private final byte[] bytes = new byte[BUFFER];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private final CRC32C crc = new CRC32C();

  private DatabaseState last;
  private long end;
  private long flushes;
  private @Nullable Instant firstCommitAt;
  private boolean broken;

  private ActiveLog(
      Path file,
      LogFile out,
      GenerationId generation,
      DatabaseState parent,
      @Nullable Doubt doubt,
      long seed) {
    this.file = file;
    this.out = out;
    this.generation = generation;
    this.parent = parent;
    this.doubt = doubt;
    this.last = parent;
    this.seed = seed;
  }

  /**
   * Creates a log that builds on {@code parent}. Nothing is left behind if it fails.
   *
   * @param spare a file to be written over, which is moved to {@code file} with a header of its
   *     own; null to make one
   * @param doubt what it closes, if it is to take a catch-up and nothing else; else null
   */
  static ActiveLog create(
      Path file,
      @Nullable Path spare,
      GenerationId generation,
      DatabaseState parent,
      @Nullable Doubt doubt,
      boolean force)
      throws IOException {
    Path begun = spare == null ? file : spare;
    LogFile out = new LogFile(begun, force);
    try {
      if (spare == null) {
        out.cutTo(0);
      }
      ByteArrayOutputStream header = new ByteArrayOutputStream();
      long seed = LogFormat.writeHeader(header, new LogFormat.Header(generation, parent, doubt));
      out.write(header.toByteArray(), header.size());
      out.commit();
      if (spare != null) {
        Files.move(spare, file, StandardCopyOption.ATOMIC_MOVE);
      }
      ActiveLog log = new ActiveLog(file, out, generation, parent, doubt, seed);
      log.end = header.size();
      return log;
    } catch (IOException | RuntimeException e) {
      out.close();
      Files.deleteIfExists(begun);
      throw e;
    }
  }

  /** Opens a log that a former process left, cutting off what comes after {@code lastRecord}. */
  static ActiveLog reopen(Path file, LogRecord lastRecord, Instant firstCommitAt, boolean force)
      throws IOException {
    LogFormat.Opening opening;
    try (InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()))) {
      opening = LogFormat.readHeader(in, file);
    }
    LogFormat.Header header = opening.header();
    LogFile out = new LogFile(file, force);
    try {
      out.cutTo(lastRecord.end());
    } catch (IOException e) {
      out.close();
      throw e;
    }
    ActiveLog log =
        new ActiveLog(file, out, header.generation(), header.parent(), null, opening.seed());
    log.end = lastRecord.end();
    log.last = lastRecord.after();
    log.flushes = 1;
    log.firstCommitAt = firstCommitAt;
    return log;
  }

  /** Where the log is. */
  public Path file() {
    return file;
  }

  /** The generation it belongs to. */
  public GenerationId generation() {
    return generation;
  }

  /** The state it builds on. */
  public DatabaseState parent() {
    return parent;
  }

  /** What it closes if it takes a catch-up; else null. */
  public @Nullable Doubt doubt() {
    return doubt;
  }

  /** The state after its last flush. */
  public DatabaseState last() {
    return last;
  }

  /** Its length in bytes. */
  public long length() {
    return end;
  }

  /** Whether it holds no flush. */
  public boolean isEmpty() {
    return flushes == 0;
  }

  /** Whether a failure made it unusable for more flushes. */
  public boolean isBroken() {
    return broken;
  }

  /** When its first flush was captured; null if it is empty. */
  public @Nullable Instant firstCommitAt() {
    return firstCommitAt;
  }

  /**
   * Appends a flush. When this returns, the flush survives the end of this process; with {@code
   * force} also that of the machine.
   *
   * @param table the page hashes before the flush, brought up to date; null if they are not known
   * @throws IOException if the flush breaks its contract or could not be written; nothing changed
   */
  public void append(PageFlush flush, @Nullable PageHashTable table, Instant now)
      throws IOException {
    if (broken) {
      throw new IOException(file + " could not be cut back after a failure and takes no more");
    }
    boolean done = false;
    try {
      Appender appender = new Appender(flush, table);
      buffer.clear();
      LogFormat.begin(crc, seed);
      Instant micros = now.truncatedTo(ChronoUnit.MICROS);
      writeBegin(flush, micros);
      flush.frames().forEach(appender::frame);
      long checksum = appender.checksum;
      appender.makeRoom(4 + 1 + 8 + 4);
      buffer.putInt(LogFormat.COMMIT).put((byte) (table == null ? 0 : 1)).putLong(checksum);
      crc.update(bytes, 0, buffer.position());
      buffer.putInt((int) crc.getValue());
      out.write(bytes, buffer.position());
      long written = appender.drained + buffer.position();
      out.commit();
      done = true;
      end += written;
      flushes++;
      last =
          new DatabaseState(
              flush.txId(),
              checksum,
              table != null,
              flush.pageSize(),
              flush.highWaterMark(),
              flush.position());
      if (firstCommitAt == null) {
        firstCommitAt = micros;
      }
      appender.applyTo(table); // fails for nothing: the flush is taken
    } finally {
      if (!done) {
        cutBack();
      }
    }
  }

  private void cutBack() {
    try {
      out.cutTo(end);
    } catch (IOException e) {
      broken = true;
    }
  }

  private void writeBegin(PageFlush flush, Instant now) throws IOException {
    byte[] position = flush.position().getBytes(StandardCharsets.UTF_8);
    if (position.length > BUFFER / 2) {
      throw new IOException("position token of " + position.length + " bytes is too long");
    }
    buffer
        .putInt(LogFormat.BEGIN)
        .putLong(flush.firstTxId())
        .putLong(flush.txId())
        .putLong(flush.highWaterMark())
        .putLong(Micros.of(now))
        .putInt(position.length)
        .put(position);
  }

  /** Writes the frames of one flush and gathers what it does to the page hashes. */
  private final class Appender {

    private final PageFlush flush;
    private final @Nullable PageHashTable table;
    private final LongList ids = new LongList();
    private final LongList hashes = new LongList();
    private long checksum;
    private long lastId;
    private long drained;

    Appender(PageFlush flush, @Nullable PageHashTable table) throws IOException {
      this.flush = flush;
      this.table = table;
      if (table != null) {
        checksum = table.checksum() ^ table.checksumAbove(flush.highWaterMark());
      }
    }

    void frame(dev.stream.api.database.PageFrame frame) throws IOException {
      int pageSize = flush.pageSize();
      ByteBuffer data = frame.data().duplicate();
      if (frame.id() <= lastId || frame.lastId() > flush.highWaterMark()) {
        throw new IOException(
            "the source handed over page "
                + frame.id()
                + " to "
                + frame.lastId()
                + " after page "
                + lastId
                + " in a database of "
                + flush.highWaterMark()
                + " pages");
      }
      if (data.remaining() != (long) frame.pages() * pageSize) {
        throw new IOException(
            "the source handed over "
                + data.remaining()
                + " bytes for "
                + frame.pages()
                + " pages of "
                + pageSize);
      }
      makeRoom(16);
      buffer.putInt(LogFormat.FRAME).putLong(frame.id()).putInt(frame.pages());
      long id = frame.id();
      while (data.hasRemaining()) {
        makeRoom(pageSize);
        int start = buffer.position();
        int length = Math.min(buffer.remaining(), data.remaining()) / pageSize * pageSize;
        data.get(bytes, start, length);
        buffer.position(start + length);
        for (int at = start; table != null && at < start + length; at += pageSize) {
          hash(table, id++, at);
        }
      }
      lastId = frame.lastId();
    }

    private void hash(PageHashTable former, long id, int at) throws IOException {
      long hash = PageHash.of(id, bytes, at, flush.pageSize());
      ids.add(id);
      hashes.add(hash);
      checksum ^= former.get(id) ^ hash;
    }

    /** The checksum of the record is taken of as much as possible at once: a call costs more. */
    private void makeRoom(int length) throws IOException {
      if (buffer.remaining() < length) {
        crc.update(bytes, 0, buffer.position());
        out.write(bytes, buffer.position());
        drained += buffer.position();
        buffer.clear();
      }
    }

    void applyTo(@Nullable PageHashTable target) {
      if (target == null) {
        return;
      }
      try {
        target.truncate(flush.highWaterMark());
        for (int i = 0; i < ids.size(); i++) {
          target.set(ids.get(i), hashes.get(i));
        }
      } catch (IOException e) {
        target.spoil(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
