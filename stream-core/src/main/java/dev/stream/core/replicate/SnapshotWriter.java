package dev.stream.core.replicate;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SealedState;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a snapshot of an image into the shadow directory, and proves capture by it: what it reads
 * must have the checksum that was carried forward from commit to commit.
 */
final class SnapshotWriter {

  /** For whom it is written. */
  interface Need {
    /** Whether the generation is still captured. */
    boolean isCurrent(GenerationStart start);

    /** Whether nobody waits for it any more. */
    boolean isCancelled();

    /** It is in the shadow directory. */
    void published(SealedArtefact snapshot);
  }

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);
  private static final int READ = 1 << 20;

  private final ShadowDirectory directory;
  private final ArtefactEncoding encoding;
  private final CaptureCorrection correction;
  private final SealingLoop sealing;
  private final CompactionLoop compaction;

  SnapshotWriter(
      ShadowDirectory directory,
      ArtefactEncoding encoding,
      CaptureCorrection correction,
      SealingLoop sealing,
      CompactionLoop compaction) {
    this.directory = directory;
    this.encoding = encoding;
    this.correction = correction;
    this.sealing = sealing;
    this.compaction = compaction;
  }

  /**
   * Writes it, and closes the image.
   *
   * @param known the state of which the image is; null if a segment has to tell
   * @return whether the snapshot is there, or not needed any more; if not, another one is due
   * @throws CancellationException if nobody waits for it any more
   */
  boolean write(GenerationStart start, DatabaseImage image, @Nullable SealedState known, Need need)
      throws IOException, InterruptedException {
    ObjectKey key = ArtefactKeys.snapshot(start.generation(), image.txId());
    Path temporary = directory.temporary(key);
    try {
      DatabaseState at =
          DatabaseState.of(
              image.txId(), 0, image.pageSize(), image.highWaterMark(), image.position());
      SealedState sealed;
      ArtefactSummary summary;
      try (image) {
        sealed =
            known != null
                ? known
                : sealing.sealedThrough(
                    start.generation(), at.txId(), TimeUnit.SECONDS.toNanos(60));
        if (!need.isCurrent(start)) {
          return true;
        }
        if (sealed == null) {
          LOG.info("a snapshot at transaction {} was discarded: no segment ends there", at.txId());
          return false;
        }
        summary = encode(start, image, at, sealed.clock(), temporary, need);
      }
      if (!need.isCurrent(start)) {
        return true;
      }
      DatabaseState expected = sealed.database();
      if (expected.checksum() != summary.checksum()
          || expected.highWaterMark() != at.highWaterMark()
          || expected.pageSize() != at.pageSize()) {
        correction.captureWasWrong(
            "the self-check at transaction "
                + at.txId()
                + " failed: the database is not what its captured commits amount to");
        return false;
      }
      compaction.remember(start.generation(), at.txId());
      directory.publish(temporary, key);
      need.published(
          SealedArtefact.snapshot(
              start.generation(), at.txId(), key, summary.size(), sealed.clock().lastCommitAt()));
      return true;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private ArtefactSummary encode(
      GenerationStart start,
      DatabaseImage image,
      DatabaseState at,
      CommitClock clock,
      Path temporary,
      Need need)
      throws IOException {
    int pageSize = at.pageSize();
    ByteBuffer buffer = ByteBuffer.allocate(Math.max(READ / pageSize, 1) * pageSize);
    try (ArtefactWriter writer =
        ArtefactWriter.create(
            temporary,
            encoding.snapshot(start.generation(), at, clock),
            encoding.codec(),
            encoding.executor())) {
      long id = 1;
      while (id <= at.highWaterMark()) {
        if (need.isCancelled()) {
          throw new CancellationException("closing");
        }
        int count = (int) Math.min(buffer.capacity() / pageSize, at.highWaterMark() - id + 1);
        image.read(id, count, buffer.clear());
        writer.addPages(id, buffer.flip());
        id += count;
      }
      return writer.finish();
    }
  }
}
