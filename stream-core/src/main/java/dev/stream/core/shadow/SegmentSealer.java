package dev.stream.core.shadow;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.state.GenerationId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns closed logs into segments, each encoded once.
 *
 * <p>Crash points, and what a restart makes of them: while a segment is written, it is in {@code
 * tmp/} and goes, the log is sealed again; after the rename and before the log is deleted, the
 * log's transactions up to the newest segment are passed over; between two segments of one log
 * likewise.
 */
public final class SegmentSealer {

  /** Takes what was sealed. */
  @FunctionalInterface
  public interface Sink {
    /** A segment is in the shadow directory, and this is the state at which it ends. */
    void sealed(SealedArtefact segment, SealedState after);
  }

  /** A log that cannot be sealed ever: what it held is damaged. */
  public static final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedLogException(String message) {
      super(message);
    }
  }

  private final ShadowDirectory directory;
  private final ArtefactEncoding encoding;
  private final Map<GenerationId, CommitClock> clocks;
  private final Runnable beforeDeletion;

  /** A sealer of logs of which nobody needs anything when they are sealed. */
  SegmentSealer(
      ShadowDirectory directory, ArtefactEncoding encoding, Map<GenerationId, CommitClock> clocks) {
    this(directory, encoding, clocks, () -> {});
  }

  /**
   * A sealer of the logs in a directory.
   *
   * @param clocks when the newest sealed state of each generation was captured, as far as known
   * @param beforeDeletion called before a log that is sealed is deleted
   */
  public SegmentSealer(
      ShadowDirectory directory,
      ArtefactEncoding encoding,
      Map<GenerationId, CommitClock> clocks,
      Runnable beforeDeletion) {
    this.beforeDeletion = beforeDeletion;
    this.directory = directory;
    this.encoding = encoding;
    this.clocks = new ConcurrentHashMap<>(clocks);
  }

  /** A generation begins in a state that was captured then. */
  public void began(GenerationId generation, CommitClock clock) {
    CommitClock ignored = clocks.putIfAbsent(generation, clock);
  }

  /** When the newest sealed state of a generation was captured; null if that is not known. */
  public @Nullable CommitClock clock(GenerationId generation) {
    return clocks.get(generation);
  }

  /**
   * Seals a log, whose file is then spent. May be repeated after a failure: what was sealed stays.
   *
   * @param sealedTxId the last transaction that is in a segment already
   * @param cuts transactions at which a segment has to end, since a snapshot is of them
   * @throws DamagedLogException if the log does not hold what was appended to it
   */
  public void seal(ClosedLog log, long sealedTxId, NavigableSet<Long> cuts, Sink sink)
      throws IOException {
    long done = Math.max(sealedTxId, log.parentTxId());
    while (done < log.end().txId()) {
      Long cut = cuts.higher(done);
      boolean cutting = cut != null && cut < log.end().txId();
      long last = cutting && cut != null ? cut : log.end().txId();
      try (LogReader reader = LogReader.open(log.file());
          RandomAccessFile data = new RandomAccessFile(log.file().toFile(), "r")) {
        skipTo(reader, done, log);
        LogRange range = LogRange.read(reader, last);
        if (range == null || range.after().txId() < last) {
          if (!cutting) {
            throw damaged(log, range == null ? done : range.after().txId());
          }
          cuts.remove(last); // it lies within commits captured together: no segment can end there
          continue;
        }
        if (last == log.end().txId() && !range.after().proven()) {
          range = range.withEndChecksum(log.end().checksum());
        }
        if (!range.after().proven() || !range.parent().proven()) {
          throw damaged(log, done);
        }
        CommitClock before = clocks.get(log.generation());
        CommitClock after =
            before == null
                ? CommitClock.begin(range.lastCommitAt())
                : before.next(range.lastCommitAt());
        if (range.doubt() != null) {
          after = after.caughtUp();
        }
        SealedArtefact segment = write(log, range, after, data);
        clocks.put(log.generation(), after);
        sink.sealed(segment, new SealedState(range.after(), after));
        done = last;
      } catch (FileNotFoundException e) {
        throw new DamagedLogException("the active log " + log.file() + " is gone");
      }
    }
    beforeDeletion.run();
    directory.spend(log);
  }

  private static DamagedLogException damaged(ClosedLog log, long after) {
    return new DamagedLogException(
        "the active log "
            + log.file()
            + " is damaged after transaction "
            + after
            + ", though it reached "
            + log.end().txId()
            + " when it was written");
  }

  private static void skipTo(LogReader reader, long txId, ClosedLog log) throws IOException {
    while (reader.state().txId() < txId) {
      if (reader.next((id, offset, data, at, length) -> {}) == null) {
        throw damaged(log, reader.state().txId());
      }
    }
  }

  private SealedArtefact write(
      ClosedLog log, LogRange range, CommitClock after, RandomAccessFile data) throws IOException {
    SegmentPages.Merged pages = range.pages().merge();
    ArtefactHeader header = encoding.segment(log.generation(), range, after, pages.count());
    ObjectKey key =
        ArtefactKeys.segment(log.generation(), 0, range.parent().txId() + 1, range.after().txId());
    Path temporary = directory.temporary(key);
    try {
      ArtefactSummary summary;
      try (ArtefactWriter writer =
          ArtefactWriter.create(temporary, header, encoding.codec(), encoding.executor())) {
        LogPages versions = new LogPages(data, header.pageSize());
        byte[] zeros = new byte[header.pageSize()];
        pages.forEach(
            (id, offset) -> {
              if (offset == SegmentPages.ZEROS) {
                writer.addPage(id, ByteBuffer.wrap(zeros));
              } else {
                writer.addPage(id, versions.at(offset));
              }
            });
        summary = writer.finish();
      }
      directory.publish(temporary, key);
      return SealedArtefact.segment(
          log.generation(),
          0,
          range.parent().txId() + 1,
          range.after().txId(),
          summary.size(),
          range.firstCommitAt());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
