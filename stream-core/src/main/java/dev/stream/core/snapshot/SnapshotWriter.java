package dev.stream.core.snapshot;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.artefact.SnapshotLayout;
import dev.stream.core.artefact.SnapshotLayoutBuilder;
import dev.stream.core.compact.CompactionLoop;
import dev.stream.core.schedule.SnapshotBounds;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SealedState;
import dev.stream.core.shadow.SentSnapshot;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowSpace;
import dev.stream.core.shadow.ShadowSpace.NoRoomException;
import dev.stream.core.upload.LiveSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a snapshot of an image to the replicas, and proves capture by it: what it reads must have
 * the checksum that was carried forward from commit to commit. A small one is written to the shadow
 * directory and sent from there. A large one is only measured, and replicas take it from the image
 * itself: on the disk there is no copy of it. For one thread.
 */
public final class SnapshotWriter {

  /** For whom it is written. */
  interface Need {
    /** Whether the generation is still captured. */
    boolean isCurrent(GenerationStart start);

    /** Whether nobody waits for it any more, unless a replica lacks a snapshot. */
    boolean isCancelled();

    /** Whether it has to end now. */
    boolean isEnding();

    /** It is in the shadow directory. */
    void published(SealedArtefact snapshot);

    /** What it is is known, and that capture was right; replicas get it without its being there. */
    void known(SealedArtefact snapshot);

    /** Replicas take it from the image, which may take days: what else is due goes on. */
    void held();

    /** It was in vain, or not for every replica: another one should wait so long. */
    void rest(Duration pause);
  }

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);
  private static final int READ = 1 << 20;
  private static final int LOOK_AT_SPACE = 16;
  private static final Duration MOST_REST = Duration.ofHours(1);

  private final ShadowDirectory directory;
  private final ArtefactEncoding encoding;
  private final CaptureCorrection correction;
  private final SealingLoop sealing;
  private final CompactionLoop compaction;
  private final ShadowSpace space;
  private final LiveSnapshotSender sending;
  private final SnapshotBounds bounds;
  private double ratio = 1; // of a snapshot's size to the database's
  private boolean gaveWay; // an image did, or was not read the same twice
  private boolean foundNoRoom; // for the last copy, though there seemed to be

  public SnapshotWriter(
      ShadowDirectory directory,
      ArtefactEncoding encoding,
      CaptureCorrection correction,
      SealingLoop sealing,
      CompactionLoop compaction,
      LiveSnapshotSender sending,
      SnapshotBounds bounds) {
    this.directory = directory;
    this.encoding = encoding;
    this.correction = correction;
    this.sealing = sealing;
    this.compaction = compaction;
    this.space = sending.space();
    this.sending = sending;
    this.bounds = bounds;
  }

  /**
   * Writes or sends it, and closes the image.
   *
   * @param known the state of which the image is; null if a segment has to tell
   * @return whether that is done, or not needed any more; if not, another one is due
   * @throws CancellationException if nobody waits for it any more
   */
  boolean write(GenerationStart start, DatabaseImage image, @Nullable SealedState known, Need need)
      throws IOException, InterruptedException {
    try (image) {
      DatabaseState at =
          DatabaseState.of(
              image.txId(), 0, image.pageSize(), image.highWaterMark(), image.position());
      SealedState sealed =
          known != null
              ? known
              : sealing.sealedThrough(start.generation(), at.txId(), TimeUnit.SECONDS.toNanos(60));
      if (!need.isCurrent(start)) {
        return true;
      }
      if (sealed == null) {
        LOG.info("a snapshot at transaction {} was discarded: no segment ends there", at.txId());
        return false;
      }
      One one = new One(start, image, at, sealed, need);
      long estimate = (long) (one.databaseBytes() * ratio);
      boolean room = space.hasRoomFor(estimate);
      boolean copied = room && !foundNoRoom && (estimate <= bounds.copyLimit() || gaveWay);
      return copied ? copy(one) : send(one);
    }
  }

  /** A snapshot to be made. */
  private record One(
      GenerationStart start, DatabaseImage image, DatabaseState at, SealedState sealed, Need need) {

    long databaseBytes() {
      return at.highWaterMark() * at.pageSize();
    }

    ObjectKey key() {
      return ArtefactKeys.snapshot(start.generation(), at.txId());
    }

    SealedArtefact artefact(long size) {
      return SealedArtefact.snapshot(
          start.generation(), at.txId(), size, sealed.clock().lastCommitAt());
    }
  }

  private boolean copy(One one) throws IOException {
    Path temporary = directory.temporary(one.key());
    try {
      ArtefactSummary summary;
      try (DatabaseImage image = one.image();
          ArtefactWriter writer =
              ArtefactWriter.create(
                  temporary, header(one), encoding.codec(), encoding.executor())) {
        summary = encode(one, image, writer, true);
      }
      if (!isOfUse(one, summary)) {
        return !one.need().isCurrent(one.start());
      }
      directory.publish(temporary, one.key());
      one.need().published(one.artefact(summary.size()));
      return true;
    } catch (NoRoomException e) {
      foundNoRoom = true;
      throw e;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private boolean send(One one) throws IOException, InterruptedException {
    foundNoRoom = false;
    SnapshotLayoutBuilder builder = new SnapshotLayoutBuilder(header(one));
    SnapshotLayout layout;
    long began = System.nanoTime();
    try (ArtefactWriter writer =
        ArtefactWriter.create(builder, header(one), encoding.codec(), encoding.executor())) {
      ArtefactSummary summary = encode(one, one.image(), writer, false);
      if (!isOfUse(one, summary)) {
        return !one.need().isCurrent(one.start());
      }
      layout = builder.layout(summary);
    }
    // As long again as it took, ten times over: however often it is in vain, it costs a tenth.
    Duration rest = Duration.ofNanos(System.nanoTime() - began).multipliedBy(10);
    rest = rest.compareTo(MOST_REST) < 0 ? rest : MOST_REST;
    SentSnapshot.note(directory, layout.header());
    SealedArtefact artefact = one.artefact(layout.size());
    one.need().known(artefact);
    LiveSnapshot live = new LiveSnapshot(artefact, layout, encoding.codec(), one.image());
    try {
      if (!sending.send(live, one.start(), one.databaseBytes(), one.need())) {
        one.need().rest(rest);
      }
    } catch (IOException e) {
      if (gaveWay || e instanceof NoRoomException) {
        one.need().rest(rest);
      } else {
        gaveWay = true; // the next one is copied
      }
      throw e;
    }
    return true;
  }

  private ArtefactHeader header(One one) {
    return encoding.snapshot(one.start().generation(), one.at(), one.sealed().clock());
  }

  /** Whether the generation goes on, and capture was right. */
  private boolean isOfUse(One one, ArtefactSummary summary) throws IOException {
    if (!one.need().isCurrent(one.start())) {
      return false;
    }
    DatabaseState at = one.at();
    DatabaseState expected = one.sealed().database();
    if (expected.checksum() != summary.checksum()
        || expected.highWaterMark() != at.highWaterMark()
        || expected.pageSize() != at.pageSize()) {
      correction.captureWasWrong(
          "the self-check at transaction "
              + at.txId()
              + " failed: the database is not what its captured commits amount to");
      return false;
    }
    if (one.databaseBytes() > 0) {
      ratio = (double) summary.size() / one.databaseBytes();
    }
    compaction.remember(one.start().generation(), at.txId());
    return true;
  }

  private ArtefactSummary encode(
      One one, DatabaseImage image, ArtefactWriter writer, boolean stored) throws IOException {
    int pageSize = one.at().pageSize();
    long last = one.at().highWaterMark();
    ByteBuffer buffer = ByteBuffer.allocate(Math.max(READ / pageSize, 1) * pageSize);
    int reads = 0;
    long id = 1;
    while (id <= last) {
      if (one.need().isCancelled()) {
        throw new CancellationException("closing");
      }
      if (stored && reads++ % LOOK_AT_SPACE == 0) {
        long left = (last - id + 1) * pageSize;
        space.requireRoomFor(Math.min(left, LOOK_AT_SPACE * (long) READ), "a snapshot");
      }
      int count = (int) Math.min(buffer.capacity() / pageSize, last - id + 1);
      image.read(id, count, buffer.clear());
      writer.addPages(id, buffer.flip());
      id += count;
    }
    return writer.finish();
  }
}
