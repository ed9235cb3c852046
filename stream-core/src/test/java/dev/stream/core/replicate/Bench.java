package dev.stream.core.replicate;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.replica.Replica;
import dev.stream.core.SuppliedClock;
import dev.stream.core.capture.ReplicationSettings;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.guard.StartRules;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.schedule.SnapshotBounds;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.schedule.Tasks;
import dev.stream.core.shadow.ArtefactCodecs;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.upload.NamedReplica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A replication of a model with scripted replicas. */
public final class Bench implements StreamListener {

  /** Between attempts at what fails: a test does not wait for long ones. */
  public static final Sleeper SHORT_PAUSES = pause -> Thread.sleep(Math.min(20, pause.toMillis()));

  public static final Duration SOON = Duration.ofSeconds(20);

  public final List<String> events = new CopyOnWriteArrayList<>();
  public final List<StreamEvent> told = new CopyOnWriteArrayList<>();
  final List<Replication> running = new ArrayList<>();
  public volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  Duration syncInterval = Duration.ofMillis(5);
  public @Nullable Duration snapshotInterval = Duration.ofHours(1); // null: when one pays
  SnapshotRule rule = SnapshotRule.BY_COST;
  public ScanPace scan = ScanPace.GENTLE;
  List<Duration> compaction = List.of();
  long segmentLimit = 1 << 20;
  long shadowLimit = 1 << 30;
  Duration threshold = Duration.ofSeconds(30);
  public Duration checkInterval = Duration.ofDays(1);
  public Duration snapshotRetention = Duration.ofDays(1);
  public Duration closeTimeout = Duration.ofSeconds(20);
  public SnapshotBounds snapshots =
      Boolean.getBoolean("stream.test.live") ? live() : SnapshotBounds.STANDARD;
  public Sleeper sleeper = Sleeper.SYSTEM;
  public StartRules rules = new StartRules(false, null, false);
  public Codec codec;

  public Bench() throws IOException {
    codec = new NoneCodecProvider().create(CodecSettings.DEFAULTS);
  }

  static SnapshotBounds live() {
    SnapshotBounds standard = SnapshotBounds.STANDARD;
    return new SnapshotBounds(
        -1,
        standard.heldLimit(),
        Duration.ofSeconds(3),
        standard.completion(),
        standard.attempts(),
        standard.patience(),
        standard.reserve());
  }

  public final Clock clock = new SuppliedClock(() -> now);

  public Replication start(Path shadow, PagedDatabase database, Replica... replicas)
      throws IOException {
    ShadowDirectory directory = ShadowDirectory.open(shadow);
    List<NamedReplica> named = new ArrayList<>();
    for (int i = 0; i < replicas.length; i++) {
      named.add(new NamedReplica("r" + i, replicas[i]));
    }
    try {
      Replication replication =
          new Replication(
              database,
              directory,
              new ReplicationSettings(
                  syncInterval,
                  snapshotInterval,
                  rule,
                  scan,
                  compaction,
                  segmentLimit,
                  shadowLimit,
                  false,
                  threshold,
                  new RetentionConfig(snapshotRetention, checkInterval),
                  closeTimeout,
                  snapshots),
              rules,
              named,
              new ArtefactCodecs(
                  codec,
                  CodecSettings.DEFAULTS,
                  name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS)),
              new Environment(
                  clock,
                  () -> Duration.between(Instant.EPOCH, now).toNanos(),
                  sleeper,
                  this,
                  new Tasks("")));
      running.add(replication);
      replication.start();
      return replication;
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Waits for something that other threads bring about. */
  public static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + SOON + ": " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Ends what a test left running, and sees that no thread remains. */
  public void stop() {
    closeTimeout = Duration.ofMillis(1);
    running.forEach(Replication::close);
    await(
        "all threads ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("stream-")));
  }

  public static long seed(int run) {
    String given = System.getProperty("stream.test.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() + run : Long.parseLong(given);
    System.out.println("stream.test.seed=" + seed);
    return seed;
  }

  public static int rounds(int few, int many) {
    return "nightly".equals(System.getProperty("stream.test.scale")) ? many : few;
  }

  @Override
  public void onEvent(StreamEvent event) {
    told.add(event);
    if (event instanceof StreamEvent.GenerationBegan it) {
      events.add("generation " + it.reason());
    } else if (event instanceof StreamEvent.CaughtUp it) {
      events.add(
          "catch-up "
              + it.what().firstTxId()
              + "-"
              + it.what().txId()
              + " "
              + it.what().pages()
              + " pages "
              + it.what().bytes());
    } else if (event instanceof StreamEvent.CapturePaused it) {
      events.add("paused " + it.message());
    } else if (event instanceof StreamEvent.CaptureRecovered) {
      events.add("capture recovered");
    } else if (event instanceof StreamEvent.ReplicaFailing it) {
      events.add("failing " + it.replica());
    } else if (event instanceof StreamEvent.ReplicaRecovered it) {
      events.add("recovered " + it.replica());
    } else if (event instanceof StreamEvent.HeldBack it) {
      events.add("held back " + it.replica());
    } else if (event instanceof StreamEvent.HeldBackOver it) {
      events.add("held back no more " + it.replica());
    } else if (event instanceof StreamEvent.RetentionFailing it) {
      events.add("not deleting " + it.replica());
    } else if (event instanceof StreamEvent.RetentionRecovered it) {
      events.add("deleting again " + it.replica());
    } else if (event instanceof StreamEvent.DataLossWindowExceeded it) {
      events.add("lag " + it.replica());
    } else if (event instanceof StreamEvent.DataLossWindowRecovered it) {
      events.add("caught up " + it.replica());
    }
  }

  public long count(String prefix) {
    return events.stream().filter(event -> event.startsWith(prefix)).count();
  }
}
