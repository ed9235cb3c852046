package dev.stream.it.cli;

import static dev.stream.it.cli.CopyReaders.one;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.state.GenerationId;
import dev.stream.it.KnownPages;
import dev.stream.it.SqliteProcess;
import dev.stream.it.Witness;
import dev.stream.it.cli.StreamProcess.Result;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code stream restore --follow} through what happens to a replica and to its database in the
 * course of time: segments are merged and deleted before they were read, generations begin, the
 * page size changes, the database shrinks. Processes of sqlite3 read the copy all along.
 */
class FollowUpheavalIT {

  private static final Pattern POSITION =
      Pattern.compile("\"generation\":\"([^\"]+)\",\"txId\":(\\d+)");
  private static final int CHANGE_COUNTER = 24;
  private static final int VERSION_VALID_FOR = 92;

  @TempDir Path folder;

  private final Random random = TestRun.random("upheaval");
  private Path source;
  private Path copy;
  private Path replica;
  private String config;
  private int pageSize = 4096;
  private StreamProcess replicate;
  private StreamProcess follower;
  private SqliteProcess writer;
  private CopyReaders readers;

  /** A segment on the replica. */
  private record Segment(String generation, int level, long first, long last) {}

  /** Where the copy is. */
  private record Position(String generation, long txId) {

    boolean isRightBefore(Segment segment) {
      return segment.generation().equals(generation) && segment.first() == txId + 1;
    }

    boolean isBefore(Segment segment) {
      int order = segment.generation().compareTo(generation);
      return order > 0 || (order == 0 && segment.first() > txId + 1);
    }

    boolean isWithin(Segment segment) {
      return segment.generation().equals(generation)
          && segment.first() <= txId + 1
          && segment.last() > txId;
    }
  }

  private interface Upheaval {
    void happen() throws Exception;
  }

  @Test
  void aCopyGetsThroughAllThatHappensToReplicaAndDatabase() throws Exception {
    source = folder.resolve("source.db");
    copy = folder.resolve("copy.db");
    replica = folder.resolve("replica");
    config =
        Files.writeString(
                folder.resolve("stream.json"),
                """
                {"database": {"type": "sqlite", "path": "%s"}, "shadowDir": "%s",
                 "syncInterval": "50ms", "snapshotInterval": "1s",
                 "compaction": {"levels": ["200ms", "800ms"]},
                 "retention": {"snapshotRetention": "2s", "checkInterval": "200ms",
                   "segmentRetention": ["500ms", "1s"]},
                 "replicas": [{"type": "file", "path": "%s"}]}
                """
                    .formatted(source, folder.resolve("shadow"), replica))
            .toString();
    SqliteProcess.create(source, pageSize, "NONE", CopyReaders.SCHEMA);
    List<Upheaval> upheavals =
        new ArrayList<>(
            List.of(
                this::segmentsAreMergedAndDeletedMeanwhile,
                this::onlyWiderSegmentsAreLeft,
                this::noSegmentsAreLeft,
                this::aReaderStaysUntilTheSegmentsAreGone,
                this::aGenerationBeginsBesideTheFollower,
                this::aGenerationBeginsWhileTheFollowerIsDown,
                () -> thePageSizeChanges(512),
                () -> thePageSizeChanges(16384),
                this::theDatabaseShrinks,
                this::theDatabaseShrinksWhileTheFollowerIsDown));
    try (CopyReaders reading = new CopyReaders(copy)) {
      readers = reading;
      startReplication();
      writer = new SqliteProcess(source);
      startFollower();
      readers.startReading();
      for (int i = TestRun.rounds(1, 10); i > 0; i--) {
        Collections.shuffle(upheavals, random);
        for (Upheaval upheaval : upheavals) {
          upheaval.happen();
          requireCurrent();
          assertThat(follower.isAlive()).as(follower.err()).isTrue();
        }
      }
      readers.stop();
      Result stopped = follower.terminate();
      assertThat(stopped.exit()).as(stopped.err()).isZero();
      requireSameBytes();
      assertThat(replicate.terminate().exit()).isZero();
      System.out.printf("upheaval: %s (stream.test.seed=%d)%n", readers.told(), TestRun.seed());
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed " + TestRun.seed(), e);
    } finally {
      close(writer, follower, replicate);
    }
  }

  private void segmentsAreMergedAndDeletedMeanwhile() throws Exception {
    List<Segment> before = segments();
    writeUntil(
        "all segments are others, and some are wide",
        () -> Collections.disjoint(segments(), before) && !none(segment -> segment.level() == 2));
  }

  private void onlyWiderSegmentsAreLeft() throws Exception {
    follower.kill();
    Position at = position();
    writeUntil(
        "a wider segment alone leads on",
        () -> none(at::isRightBefore) && !none(at::isWithin),
        () -> areGone(at));
    stopReplication(); // Nothing else goes until the follower has found its way.
    boolean wider = !none(at::isWithin);
    startFollower();
    if (wider) {
      assertThat(follower.err()).doesNotContain("restoring");
    }
    startReplication();
  }

  private void noSegmentsAreLeft() throws Exception {
    follower.kill();
    Position at = position();
    writeUntil("no segment leads on", () -> areGone(at));
    startFollower();
    assertThat(follower.err()).containsAnyOf("the segments after transaction ", "has begun");
  }

  private void aReaderStaysUntilTheSegmentsAreGone() throws Exception {
    try (SqliteProcess reader = new SqliteProcess(copy)) {
      String seen = reader.run("BEGIN; SELECT n FROM tally;").get(0);
      Position at = position();
      writeUntil("no segment leads on", () -> areGone(at));
      assertThat(reader.value("SELECT n FROM tally;")).isEqualTo(seen);
      reader.run("COMMIT;");
    }
    follower.awaitLine("somebody has been reading it");
  }

  private void aGenerationBeginsBesideTheFollower() throws Exception {
    stopReplication();
    String begun = beginGeneration();
    follower.awaitLine("generation " + begun + " has begun");
  }

  private void aGenerationBeginsWhileTheFollowerIsDown() throws Exception {
    stopReplication();
    follower.kill();
    String begun = beginGeneration();
    startFollower();
    follower.awaitLine("generation " + begun + " has begun");
  }

  private void thePageSizeChanges(int bytes) throws Exception {
    stopReplication();
    boolean down = random.nextBoolean();
    if (down) {
      follower.kill();
    }
    writer.close();
    pageSize = pageSize == bytes ? 2 * bytes : bytes;
    one(
        source,
        "PRAGMA journal_mode=DELETE; PRAGMA page_size="
            + pageSize
            + "; VACUUM; PRAGMA journal_mode=WAL;");
    writer = new SqliteProcess(source);
    assertThat(writer.value("PRAGMA page_size;")).isEqualTo(Integer.toString(pageSize));
    startReplication();
    if (down) {
      startFollower();
    }
    writer.run(CopyReaders.transaction(random));
    requireCurrent();
    assertThat(one(copy, "PRAGMA page_size;")).isEqualTo(pageSize + "\n");
  }

  private void theDatabaseShrinks() throws Exception {
    requireCurrent();
    long before = Files.size(copy);
    shrink();
    requireCurrent();
    assertThat(Files.size(copy)).isLessThan(before);
  }

  private void theDatabaseShrinksWhileTheFollowerIsDown() throws Exception {
    requireCurrent();
    long before = Files.size(copy);
    follower.kill();
    shrink();
    startFollower();
    requireCurrent();
    assertThat(Files.size(copy)).isLessThan(before);
  }

  /**
   * To a half, also of what an earlier one has left: so whatever is written meanwhile, the file is
   * a smaller one.
   */
  private void shrink() throws Exception {
    writer.run(
        "BEGIN IMMEDIATE; DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY id % 7"
            + " LIMIT (SELECT count(*) / 2 FROM entries));"
            + CopyReaders.counted());
    writer.run("VACUUM;");
    writer.run(CopyReaders.transaction(random)); // A copy that has it has been vacuumed, too.
  }

  /** Writes so that capture can neither know what happened nor what there was, and starts it. */
  private String beginGeneration() throws Exception {
    String before = newestGeneration();
    KnownPages.forget(folder.resolve("shadow"));
    for (int i = 0; i < 3; i++) {
      writer.run(CopyReaders.transaction(random));
      writer.run("PRAGMA wal_checkpoint(TRUNCATE);");
    }
    startReplication();
    StreamProcess.await("a new generation", () -> !newestGeneration().equals(before));
    return newestGeneration();
  }

  private void writeUntil(String what, BooleanSupplier... conditions) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (Stream.of(conditions).noneMatch(BooleanSupplier::getAsBoolean)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain until " + what + ": " + segments());
      }
      readers.requireSound();
      writer.run(CopyReaders.transaction(random));
      Thread.sleep(random.nextInt(30));
    }
  }

  private void startReplication() throws Exception {
    replicate = StreamProcess.start("replicate", "--config", config).awaitReady();
  }

  private void stopReplication() throws Exception {
    assertThat(replicate.terminate().exit()).isZero();
    replicate.close();
  }

  private void startFollower() throws Exception {
    if (follower != null) {
      follower.close();
    }
    follower =
        StreamProcess.start(
                "restore",
                "--from",
                replica.toString(),
                "-o",
                copy.toString(),
                "--follow",
                "--interval",
                "50ms")
            .awaitReady();
  }

  private void requireCurrent() throws Exception {
    String newest = writer.value("SELECT n FROM tally;") + "\n";
    StreamProcess.await(
        "the newest commit in the copy",
        () -> {
          readers.requireSound();
          return newest.equals(one(copy, "SELECT n FROM tally;"));
        });
  }

  /** All is as in the database, but for what makes it a copy. */
  private void requireSameBytes() throws Exception {
    try (Witness witness = new Witness(folder)) {
      assertThat(asCopied(Files.readAllBytes(copy))).isEqualTo(asCopied(witness.bytes(source)));
    }
    assertThat(one(copy, ".dump")).isEqualTo(one(source, ".dump"));
  }

  private static byte[] asCopied(byte[] database) {
    ByteBuffer header = ByteBuffer.wrap(database);
    header.putShort(18, (short) 0).putInt(CHANGE_COUNTER, 0).putInt(VERSION_VALID_FOR, 0);
    return database;
  }

  /** Where the copy is; if it was killed in the midst of a change, where that was to lead. */
  private Position position() throws IOException {
    Matcher found = POSITION.matcher(Files.readString(folder.resolve("copy.db.stream-follow")));
    Position last = null;
    while (found.find()) {
      last = new Position(found.group(1), Long.parseLong(found.group(2)));
    }
    assertThat(last).isNotNull();
    return last;
  }

  /** Whether segments are there, but none that leads on from a position. */
  private boolean areGone(Position at) {
    List<Segment> there = segments();
    return there.stream().anyMatch(at::isBefore) && there.stream().noneMatch(at::isWithin);
  }

  private boolean none(Predicate<Segment> such) {
    return segments().stream().noneMatch(such);
  }

  private List<Segment> segments() {
    try (Stream<Path> files = Files.walk(replica)) {
      return files
          .map(file -> replica.relativize(file).toString().split("/", -1))
          .filter(parts -> parts.length == 4 && parts[1].equals("segments"))
          .filter(parts -> parts[3].length() == 33)
          .map(
              parts ->
                  new Segment(
                      parts[0],
                      Integer.parseInt(parts[2]),
                      Long.parseLong(parts[3].substring(0, 16), 16),
                      Long.parseLong(parts[3].substring(17), 16)))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return segments(); // Something was deleted meanwhile.
    }
  }

  private String newestGeneration() {
    try (Stream<Path> files = Files.list(replica)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(GenerationId::isGenerationId)
          .max(String::compareTo)
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(AutoCloseable... processes) throws Exception {
    for (AutoCloseable process : processes) {
      if (process != null) {
        process.close();
      }
    }
  }
}
