package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import dev.stream.core.ByteImage;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.capture.Capture;
import dev.stream.core.capture.CaptureEvents;
import dev.stream.core.capture.CaptureScan;
import dev.stream.core.capture.CurrentGeneration;
import dev.stream.core.capture.ReplicationSettings;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.event.StreamListener;
import dev.stream.core.guard.Admission;
import dev.stream.core.guard.CaptureGuards;
import dev.stream.core.guard.LastSignature;
import dev.stream.core.guard.LineageGuard;
import dev.stream.core.guard.Replacement;
import dev.stream.core.guard.WriterConflicts;
import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.schedule.SnapshotBounds;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.seal.SealingEvents;
import dev.stream.core.seal.SealingLoop;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.ClosedLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.SegmentSealer;
import dev.stream.core.shadow.ShadowCatalog;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowRecovery;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import dev.stream.core.snapshot.CaptureProof;
import dev.stream.core.snapshot.SnapshotDue;
import dev.stream.core.snapshot.SnapshotLoop;
import dev.stream.core.state.GenerationId;
import dev.stream.core.status.CatchUp;
import dev.stream.core.upload.ReplicaUploader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What others see while a segment is handed over to them. */
@Timeout(60)
final class SealingLoopTest {

  private static final int PAGE = 512;

  @TempDir Path folder;
  private final Clock clock = Clock.systemUTC();
  private final CurrentGeneration generation = new CurrentGeneration();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Tasks tasks = new Tasks("");
  private ShadowDirectory directory;
  private Capture capture;
  private SealingLoop sealing;
  private ShadowCatalog catalog;
  private ReplicaUploader uploader;
  private ReplicaAudit audit;

  @BeforeEach
  void setUp() throws Exception {
    directory = ShadowDirectory.open(folder);
    NoneCodecProvider none = new NoneCodecProvider();
    var codec = none.create(CodecSettings.DEFAULTS);
    Recovered recovered = ShadowRecovery.recover(directory, name -> codec, false);
    ReplicationSettings settings =
        new ReplicationSettings(
            Duration.ofHours(1),
            null,
            SnapshotRule.BY_COST,
            ScanPace.GENTLE,
            List.of(),
            1 << 20,
            1 << 30,
            false,
            Duration.ofSeconds(30),
            RetentionConfig.DEFAULTS,
            Duration.ofSeconds(1),
            SnapshotBounds.STANDARD);
    StreamListener listener = StreamListener.SILENT;
    uploader =
        new ReplicaUploader(
            "r0",
            new ReplicaArchive(new ScriptedReplica()),
            List.of(),
            null,
            Environment.of("", clock, Sleeper.SYSTEM, listener));
    LineageGuard guard = new LineageGuard(folder, false, directory, List.of(uploader), listener);
    capture =
        new Capture(
            directory,
            settings,
            clock,
            new Random(1),
            recovered,
            new CaptureGuards(new Anything(), guard, new LastSignature(directory)),
            new ToSealing());
    sealing =
        new SealingLoop(
            capture,
            new SegmentSealer(
                directory,
                new ArtefactEncoding(
                    codec, CodecSettings.DEFAULTS, "test", "writer", Runnable::run, clock),
                recovered.clocks(),
                () -> {}),
            settings.syncInterval(),
            new HandingOver(),
            tasks);
    catalog = new ShadowCatalog(directory, List.of());
    SnapshotLoop snapshots =
        new SnapshotLoop(
            capture,
            () -> sealing.fixImage(new ModelDatabase(PAGE, 1)),
            null,
            new SnapshotDue(null, SnapshotRule.BY_COST, clock),
            new CaptureProof(
                new CaptureScan(new ModelDatabase(PAGE, 1), capture, ScanPace.GENTLE, clock), null),
            snapshot -> {},
            tasks);
    audit =
        new ReplicaAudit(
            new ReplicationParts(
                new ModelDatabase(PAGE, 1),
                generation,
                capture,
                sealing,
                snapshots,
                null,
                List.of(uploader)),
            catalog,
            guard,
            new WriterConflicts(folder, new LineageMark(directory), List.of(), listener),
            Duration.ofHours(1),
            clock);
  }

  @AfterEach
  void close() throws Exception {
    assertThat(tasks.stop()).isEmpty();
    capture.close();
    directory.close();
  }

  /** Nobody asks whether a generation may begin. */
  private static final class Anything implements Admission {

    @Override
    public void admit(
        @Nullable GenerationId of, @Nullable Replacement replacement, DatabaseState base) {}

    @Override
    public void takesOver() {}
  }

  private final class ToSealing implements CaptureEvents {

    @Override
    public void appended() {
      sealing.appended();
    }

    @Override
    public void putOff() {}

    @Override
    public void closed(ClosedLog log) {
      sealing.enqueue(log);
    }

    @Override
    public void began(GenerationStart start, @Nullable DatabaseImage image) {
      generation.began(start);
      sealing.began(start.generation(), start.base(), CommitClock.begin(start.startedAt()));
    }

    @Override
    public void caughtUp(CatchUp catchUp, boolean alarming) {}

    @Override
    public void paused(String message) {}

    @Override
    public void recovered() {}

    @Override
    public void notice(String message) {}

    @Override
    public void warning(String message) {}
  }

  /** The replica, which has a snapshot, is listed while a segment is on its way to the catalog. */
  private final class HandingOver implements SealingEvents {

    @Override
    public void sealed(SealedArtefact segment) {
      try {
        assertThat(sealing.sealedTxId()).isEqualTo(segment.lastTxId());
        list();
        assertThat(uploader.hasSnapshotOf(segment.generation()))
            .as("a segment that is yet to come is no hole")
            .isTrue();
      } catch (Throwable e) {
        failure.set(e);
      }
      catalog.add(segment);
      uploader.offer(segment);
    }

    @Override
    public void cut(GenerationId of, long txId) {}

    @Override
    public void logLost(GenerationId of, String reason) {}
  }

  private void list() throws IOException {
    GenerationStart start = generation.get();
    SnapshotDescriptor base =
        new SnapshotDescriptor(start.generation(), start.base().txId(), 1000, start.startedAt());
    uploader.listingBegins();
    assertThat(audit.listed(uploader, ArchiveListing.of(List.of(base)))).isTrue();
  }

  @Test
  void aReplicaThatIsListedWhileASegmentIsHandedOverIsNotTakenForOneThatLacksIt() throws Exception {
    byte[] page = new byte[PAGE];
    capture.onBase(new ByteImage(1, PAGE, page), Continuity.lost("it is the first"));
    list();
    page[0] = 1;
    capture.onPageFlush(
        new PageFlush(
            2, 2, PAGE, 1, "p2", to -> to.accept(new PageFrame(1, 0, ByteBuffer.wrap(page)))));
    capture.rotate();
    sealing.stop();
    sealing.start();
    sealing.awaitEnd(System.nanoTime() + Bench.SOON.toNanos());
    assertThat(failure).hasValue(null);
    assertThat(catalog.all()).hasSize(1);
    list();
    assertThat(uploader.pending()).as("now it lacks the segment").isEqualTo(catalog.all());
    assertThat(uploader.hasSnapshotOf(generation.get().generation())).isTrue();
  }
}
