package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.follow.ModelCopy;
import dev.stream.core.guard.StartRules;
import dev.stream.core.month.TimedReplica;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import dev.stream.core.retention.RetentionPlanner;
import dev.stream.core.retry.Retry;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One run of {@link WindowModelTest}. */
final class WindowRun implements AutoCloseable {

  private static final List<Duration> LEVELS =
      List.of(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1));
  private static final List<Duration> LEVELS_TO_A_DAY =
      List.of(
          Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofDays(1));
  private static final RetentionConfig RETENTION =
      new RetentionConfig(
          Duration.ofHours(24),
          Duration.ofHours(1),
          List.of(Duration.ofMinutes(20), Duration.ofHours(2), Duration.ofHours(8)));

  /** A state that has been on the replica at some time: where a segment or snapshot ends. */
  private record End(GenerationId generation, long txId, int level, Instant at) {}

  private final Path folder;
  private final Path target;
  private final Random random;
  private final Bench bench = new Bench();
  private final Map<ObjectKey, End> ends = new HashMap<>();
  private ModelDatabase database;
  private TimedReplica replica;
  private Replication stream;
  private Path shadow;
  private int shadows;
  private final ModelCopy copy;
  private final Map<String, byte[]> pins = new HashMap<>();
  int restores;
  int snapshots;
  int catchUps;
  int pinned;
  int refused;
  int deleted;

  WindowRun(Path folder, long seed) throws Exception {
    this.folder = folder;
    this.target = folder.resolve("restored");
    this.random = new Random(seed);
    if (random.nextBoolean()) {
      bench.snapshotInterval = null;
      bench.rule =
          new SnapshotRule(
              0.3 + random.nextDouble(),
              2000,
              100,
              Duration.ofMinutes(10),
              Duration.ofHours(1 + random.nextInt(30)));
    }
    if (random.nextBoolean()) {
      bench.snapshots = Bench.live(); // replicas take them from the database itself
    }
    if (random.nextBoolean()) {
      Duration soon = Duration.ofMillis(1);
      bench.scan = new ScanPace(4 * 512, soon, soon, soon);
    }
    bench.compaction = random.nextBoolean() ? LEVELS : LEVELS_TO_A_DAY;
    bench.syncInterval = Duration.ofMillis(1);
    bench.rules = new StartRules(true, null, false); // the model may lose nearly all of its pages
    this.database = new ModelDatabase(512, seed);
    this.replica = new TimedReplica(() -> bench.now);
    this.shadow = Files.createDirectories(folder).resolve("shadow");
    this.stream = bench.start(shadow, database, replica);
    this.copy =
        new ModelCopy(
            folder.resolve("copy"),
            replica,
            name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS),
            () -> Duration.between(Instant.EPOCH, bench.now).toNanos(),
            seed);
  }

  void run() throws Exception {
    for (int step = 0; step < 150; step++) {
      switch (random.nextInt(20)) {
        case 0 -> idle(Duration.ofMinutes(1 + random.nextInt(50)));
        case 1 -> idle(Duration.ofHours(random.nextInt(4) == 0 ? 1 + random.nextInt(9) : 0));
        case 2 -> snapshot();
        case 3, 4 -> prune();
        case 5 -> kill();
        case 6 -> restart();
        case 7, 8 -> restore();
        case 9 -> miss();
        case 10 -> pin();
        case 11, 12 -> follow();
        default -> work();
      }
    }
    settle();
    prune();
    for (End end : List.copyOf(ends.values())) {
      restore(Duration.between(end.at(), bench.now)); // also of those that may have gone
    }
    for (int i = 0; i < 10; i++) {
      restore();
    }
    for (String name : pins.keySet()) {
      var unused = restored(new RestoreTarget.Pin(name));
      assertThat(Files.readAllBytes(target)).as(name).isEqualTo(pins.get(name));
    }
    byte[] newest = database.bytes();
    for (int i = 0; i < 12 && !Arrays.equals(newest, follow()); i++) {
      advance(Duration.ofSeconds(100));
    }
    assertThat(follow()).as("the copy is the newest state").isEqualTo(newest);
    snapshots = listing().generations().stream().mapToInt(one -> one.snapshots().size()).sum();
  }

  /** Commits that the source did not see; they are captured as one. */
  private void miss() throws Exception {
    for (int i = random.nextInt(4); i >= 0; i--) {
      advance(Duration.ofMillis(random.nextInt(40_000)));
      database.commit();
    }
    database.lose("the model lost it");
    catchUps++;
  }

  /** The newest state gets a name, and so is there at the end. */
  private void pin() throws Exception {
    if (pins.size() < 3) {
      settle();
      GenerationListing last = listing().newest().orElseThrow();
      long txId = last.newestTxId().orElseThrow();
      String name = "pin-" + pinned++;
      var unused = new ReplicaArchive(replica, Retry.none()).pin(name, last.id(), txId, bench.now);
      pins.put(name, database.history.get(txId));
    }
  }

  /** The copy is at any time a state that was committed. */
  private byte @Nullable [] follow() throws Exception {
    byte[] bytes = copy.step();
    if (bytes != null) {
      assertThat(database.history.values().stream().anyMatch(one -> Arrays.equals(one, bytes)))
          .as("the copy is a committed state")
          .isTrue();
    }
    return bytes;
  }

  private void advance(Duration by) {
    bench.now = bench.now.plus(by);
  }

  /** Nothing waits to be sealed meanwhile, as it is after a moment without commits. */
  private void idle(Duration time) throws Exception {
    settle();
    advance(time);
  }

  private void work() throws Exception {
    for (int i = random.nextInt(6); i >= 0; i--) {
      advance(Duration.ofMillis(random.nextInt(40_000)));
      database.commit();
      database.deliver();
      if (random.nextBoolean()) {
        stream.sync(Bench.SOON);
      }
    }
  }

  private void snapshot() throws Exception {
    stream.snapshotNow();
    if (random.nextBoolean()) {
      settle();
    }
  }

  /** Everything captured is on the replica; what was stored until now is noted. */
  private void settle() throws Exception {
    stream.sync(Bench.SOON);
    note();
  }

  /** What {@code stream prune} does, and what becomes of it where deleting half succeeds. */
  private void prune() throws Exception {
    ArchiveListing listing = listing();
    note(listing);
    List<ObjectKey> going =
        new ArrayList<>(
            RetentionPlanner.plan(listing, RETENTION, bench.now, bench.now).goingKeys());
    if (random.nextInt(3) == 0) {
      going.removeIf(key -> random.nextBoolean());
    }
    deleted += going.size();
    replica.delete(going);
  }

  /** Stream is killed at any moment, and goes on with what that leaves. */
  private void kill() throws Exception {
    Path copyOfShadow = folder.resolve("shadow" + ++shadows);
    Path from = shadow;
    Replication killed = stream;
    TimedReplica left =
        replica.still(
            () -> {
              CrashTest.copy(from, copyOfShadow);
              return replica.copy();
            });
    ModelDatabase after = database.reopened();
    killed.close();
    replica = left;
    shadow = copyOfShadow;
    copy.restart(replica);
    note();
    goOn(after);
  }

  private void restart() throws Exception {
    settle();
    ModelDatabase after = database.reopened();
    stream.close();
    note();
    goOn(after);
  }

  private void goOn(ModelDatabase after) throws Exception {
    database = after;
    database.proves = random.nextInt(3) > 0;
    if (random.nextBoolean()) {
      database.commit();
    }
    advance(Duration.ofSeconds(1 + random.nextInt(600)));
    stream = bench.start(shadow, database, replica);
  }

  private ArchiveListing listing() throws IOException {
    return new ReplicaArchive(replica, Retry.none()).list();
  }

  private void note() throws IOException {
    note(listing());
  }

  /** Remembers where artefacts end, and when that was committed. */
  private void note(ArchiveListing listing) throws IOException {
    ReplicaArchive archive = new ReplicaArchive(replica, Retry.none());
    for (GenerationListing generation : listing.generations()) {
      for (ArtefactDescriptor artefact : generation.artefacts()) {
        if (ends.containsKey(artefact.key())) {
          continue;
        }
        try (ArtefactReader reader =
            ArtefactReader.open(
                archive.source(artefact.key(), artefact.size()),
                artefact.key().value(),
                name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS))) {
          ArtefactHeader header = reader.header();
          int level = artefact instanceof SegmentDescriptor segment ? segment.level() : 0;
          ends.put(
              artefact.key(),
              new End(
                  generation.id(),
                  artefact.lastTxId(),
                  level,
                  Objects.requireNonNull(CommitClock.of(header)).lastCommitAt()));
        }
      }
    }
  }

  /** Asks for a moment and holds what comes against the model. */
  private void restore() throws Exception {
    stream.sync(Bench.SOON);
    note();
    restore(Duration.ofSeconds((long) (Math.pow(random.nextDouble(), 3) * 40 * 3600)));
  }

  private void restore(Duration back) throws Exception {
    Instant at = bench.now.minus(back);
    int allowed = allowedLevel(back);
    End expected =
        ends.values().stream()
            .filter(end -> end.level() >= allowed && !end.at().isAfter(at))
            .filter(end -> allowed == 0 || segmentOf(end))
            .max(Comparator.comparing(End::generation).thenComparingLong(End::txId))
            .orElse(null);
    String what = "the state " + back + " back, at " + at + "; promised " + expected;
    RestoreState state;
    try {
      state = restored(new RestoreTarget.Moment(null, at));
    } catch (RestoreException e) {
      refused++;
      if (expected != null && back.compareTo(RETENTION.snapshotRetention()) < 0) {
        fail(what, e);
      }
      // Where nothing is promised, beyond the window or before the first wide segment of an age
      // ends, what is left may have gaps, of which a moment may be in the midst.
      assertThat(e).as(what).message().containsAnyOf("oldest state", "the nearest states are");
      return;
    }
    restores++;
    assertThat(Files.readAllBytes(target)).as(what).isEqualTo(database.history.get(state.txId()));
    assertThat(Objects.requireNonNull(state.committedAt())).as(what).isBeforeOrEqualTo(at);
    if (expected != null && back.compareTo(RETENTION.snapshotRetention()) < 0) {
      int order = state.generation().compareTo(expected.generation());
      assertThat(order).as(what).isGreaterThanOrEqualTo(0);
      if (order == 0) {
        assertThat(state.txId())
            .as("%s; there is %s; there were %s", what, near(state, expected), nearEnds(expected))
            .isGreaterThanOrEqualTo(expected.txId());
        if (allowed == 0) {
          assertThat(state.txId()).as(what).isEqualTo(expected.txId());
        }
      }
    }
  }

  /** Restores; over what an earlier restore has left, or without it. */
  private RestoreState restored(RestoreTarget wanted) throws IOException {
    RestorerBuilder restore =
        Restorer.builder(target, name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS))
            .replica("timed", replica)
            .state(wanted)
            .check(DatabaseCheck.NONE)
            .force(true);
    if (random.nextBoolean()) {
      restore.reuse(target);
    }
    return restore.build().restore();
  }

  private List<String> near(RestoreState state, End expected) throws IOException {
    return listing().generation(expected.generation()).orElseThrow().artefacts().stream()
        .filter(artefact -> artefact.lastTxId() >= state.txId() - 20)
        .map(artefact -> artefact.key().value().substring(26) + " at " + artefact.storedAt())
        .toList();
  }

  private List<String> nearEnds(End expected) {
    return ends.entrySet().stream()
        .filter(end -> end.getValue().generation().equals(expected.generation()))
        .filter(end -> Math.abs(end.getValue().txId() - expected.txId()) < 20)
        .map(end -> end.getKey().value().substring(26) + " of " + end.getValue().at())
        .sorted()
        .toList();
  }

  private boolean segmentOf(End end) {
    return end.level() > 0;
  }

  /** The narrowest level of which every segment is still there at an age. */
  private int allowedLevel(Duration age) {
    List<Duration> stay = RETENTION.segmentRetention();
    int level = 0;
    while (level < stay.size() && age.compareTo(stay.get(level)) > 0) {
      level++;
    }
    return Math.min(level, bench.compaction.size());
  }

  @Override
  public void close() {
    bench.stop();
  }
}
