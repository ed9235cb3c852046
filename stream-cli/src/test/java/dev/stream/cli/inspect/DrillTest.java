package dev.stream.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.status.DrillProof;
import dev.stream.core.status.DrillStatus;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Is the backup good? What a drill says of replicas that are, and of those that are not. */
@Timeout(120)
final class DrillTest extends TwoReplicas {

  private void replicate() throws Exception {
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
    catchUp();
  }

  /** The configuration says this of drills. */
  private void drills(String section) throws IOException {
    String text = Files.readString(config).strip();
    Files.writeString(
        config, text.substring(0, text.length() - 1) + ", \"drill\": " + section + "}");
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait until %s", what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /** Changes one byte in the midst of each snapshot and segment of a replica. */
  private void damage(String replica) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder.resolve(replica))) {
      files =
          all.filter(Files::isRegularFile)
              .filter(f -> f.toString().contains("snapshots") || f.toString().contains("segments"))
              .toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.endsWith("app.db"))
          .filter(file -> !folder.equals(file.getParent()))
          .toList();
    }
  }

  @Test
  void whatCanBeRestoredIsVerifiedThroughItsLastTransaction() throws Exception {
    replicate();
    JsonNode document = json(0, "drill", "--assert", "SELECT count(*) = 1 FROM t");
    assertThat(document.path("ok").asBoolean()).isTrue();
    assertThat(document.path("replicas")).hasSize(2);
    for (JsonNode replica : document.path("replicas")) {
      JsonNode restored = json(0, "restore", "--dry-run", "-o", folder.resolve("x.db").toString());
      assertThat(replica.path("txId")).isEqualTo(restored.path("txId"));
      assertThat(replica.path("generation")).isEqualTo(restored.path("generation"));
      assertThat(replica.path("fetchedEverything").asBoolean()).isTrue();
      assertThat(replica.path("check").asText()).contains("thorough");
      assertThat(replica.at("/assertions/0/holds").asBoolean()).isTrue();
    }
    assertThat(copies()).isEmpty();
    Invocation text = run("drill", "--replica", "two");
    assertThat(text.exit()).as(text.err()).isZero();
    assertThat(text.out()).contains("replica two: verified through transaction");
    assertThat(text.out()).doesNotContain("replica one");
  }

  @Test
  void aDamagedObjectIsFoundAndTheOtherReplicaIsProven() throws Exception {
    replicate();
    json(0, "drill");
    damage("one");
    JsonNode document = json(1, "drill");
    assertThat(document.path("ok").asBoolean(true)).isFalse();
    assertThat(document.at("/replicas/0/ok").asBoolean(true)).isFalse();
    assertThat(document.at("/replicas/0/problem").asText()).contains("nothing was restored");
    assertThat(document.at("/replicas/1/ok").asBoolean()).isTrue();
    try (StreamController stream = stream()) {
      DrillStatus one = stream.status().drills().get(0);
      assertThat(one.replica()).isEqualTo("one");
      assertThat(one.problem()).isNotNull();
      assertThat(one.proof()).as("of the first drill").isNotNull();
      assertThat(stream.status().problems())
          .anyMatch(
              problem ->
                  problem.startsWith("the drill of replica one at ")
                      && problem.contains("; it was proven last at "));
    }
  }

  @Test
  void anAssertionThatDoesNotHoldSaysSoInStatusAndExitCode() throws Exception {
    drills("{\"interval\": \"1h\", \"assert\": [\"SELECT count(*) > 1 FROM t\"]}");
    replicate();
    Invocation drill = run("drill");
    assertThat(drill.exit()).isEqualTo(1);
    assertThat(drill.out())
        .contains(
            "replica one: NOT PROVEN: the assertion SELECT count(*) > 1 FROM t does not hold: the"
                + " answer is \"0\"",
            "FAILS: SELECT count(*) > 1 FROM t");
    try (StreamController stream = stream()) {
      await("a drill is told", () -> stream.status().drills().size() == 2);
      assertThat(stream.status().healthy()).isFalse();
      sql("INSERT INTO t VALUES('second')");
      stream.sync(Duration.ofSeconds(30));
      assertThat(run("drill").exit()).isZero();
      await("the status has changed", () -> stream.status().healthy());
    }
  }

  @Test
  void whatIsNoQuestionIsToldAndChangesNothing() throws Exception {
    replicate();
    for (String question :
        List.of("SELEC", "DELETE FROM t", "SELECT a FROM t WHERE 0", "SELECT a FROM t", "")) {
      JsonNode document = json(question.isEmpty() ? 2 : 1, "drill", "--assert", question);
      assertThat(document.toString()).as(question).contains("assert");
    }
    assertThat(json(0, "drill", "--assert", "SELECT 'TRUE'").path("ok").asBoolean()).isTrue();
  }

  @Test
  void withACopyOnlyWhatIsNewIsFetchedAndTheReportSaysSo() throws Exception {
    replicate();
    sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)"
            + " INSERT INTO t SELECT hex(randomblob(500)) FROM n");
    catchUp();
    JsonNode first = json(0, "drill", "--replica", "one", "--reuse").at("/replicas/0");
    assertThat(first.path("fetchedEverything").asBoolean()).isTrue();
    assertThat(copies()).hasSize(1);
    JsonNode second = json(0, "drill", "--replica", "one", "--reuse").at("/replicas/0");
    assertThat(second.path("fetchedEverything").asBoolean(true)).isFalse();
    assertThat(second.path("bytesReused").asLong()).isPositive();
    assertThat(second.path("bytesFetched").asLong())
        .isLessThan(first.path("bytesFetched").asLong());
    DrillProof proof = Objects.requireNonNull(records().get(0).proof());
    assertThat(proof.fetchedAllAt()).isEqualTo(Instant.parse(first.path("at").asText()));
    assertThat(proof.at()).isEqualTo(Instant.parse(second.path("at").asText()));

    assertThat(json(0, "drill", "--replica", "one").at("/replicas/0/bytesReused").asLong())
        .isZero();
    assertThat(copies()).as("the one that is kept").hasSize(1);
  }

  private void catchUp() throws Exception {
    try (StreamController stream = stream()) {
      stream.sync(Duration.ofSeconds(30));
    }
  }

  private List<DrillStatus> records() throws Exception {
    try (StreamController stream = stream()) {
      return stream.status().drills();
    }
  }

  @Test
  void aRunningStreamDrillsAgainAndAgainAndTellsWhatChanges() throws Exception {
    drills("{\"interval\": \"100ms\", \"fullInterval\": \"1ms\"}");
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
    Queue<StreamEvent> events = new ConcurrentLinkedQueue<>();
    try (StreamController stream =
        StreamController.builder()
            .config(StreamConfig.read(config, PluginRegistry.discover()))
            .listener(events::add)
            .build()) {
      stream.start();
      await(
          "both were drilled",
          () ->
              Stream.of("one", "two")
                  .allMatch(
                      name ->
                          events.stream()
                              .anyMatch(
                                  event ->
                                      event instanceof StreamEvent.DrillPassed passed
                                          && passed.replica().equals(name))));
      assertThat(stream.status().healthy()).isTrue();
      assertThat(copies()).as("everything is fetched each time").isEmpty();
      damage("two");
      await(
          "it is found",
          () ->
              events.stream()
                  .anyMatch(
                      event ->
                          event instanceof StreamEvent.DrillFailed failed
                              && failed.replica().equals("two")));
      assertThat(stream.status().problems()).anyMatch(p -> p.contains("drill of replica two"));
    }
  }

  @Test
  void aProofGrowsOld() {
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    DrillProof proof = new DrillProof("g", 7, null, at, at);
    DrillStatus status = new DrillStatus("one", at, null, proof, at.plusSeconds(60));
    assertThat(status.problemAt(at.plusSeconds(60))).isNull();
    assertThat(status.problemAt(at.plusSeconds(61)))
        .isEqualTo(
            "replica one has not been drilled for too long; it was proven last at"
                + " 2026-01-01T00:00:00Z, through transaction 7");
  }

  @Test
  void twoAtOnceInOneFolderAreRefused() throws Exception {
    replicate();
    json(0, "drill", "--reuse");
    try (FileChannel channel =
            FileChannel.open(folder.resolve("shadow.drill/one.lock"), StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      Invocation refused = run("drill", "--replica", "one", "--reuse");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("another drill of replica one is under way");
      assertThat(run("drill", "--replica", "one").exit()).as("in a folder of its own").isZero();
    }
  }

  @Test
  void aFolderNeedsNoConfigurationAndTakesNoAssertions() throws Exception {
    replicate();
    String replica = folder.resolve("one").toString();
    Invocation drill = Invocation.of("drill", "--from", replica);
    assertThat(drill.exit()).as(drill.err()).isZero();
    assertThat(drill.out()).contains("verified through transaction");
    Invocation asking = Invocation.of("drill", "--from", replica, "--assert", "SELECT 1");
    assertThat(asking.exit()).isEqualTo(2);
    assertThat(asking.err()).contains("--assert needs --config");
  }

  @Test
  void aScratchFolderWithinAReplicaIsRefused() throws Exception {
    drills("{\"scratchDir\": \"%s/one/scratch\"}".formatted(folder));
    sql("CREATE TABLE t(a)");
    assertThatThrownBy(this::stream).hasMessageContaining("drill.scratchDir is ");
  }
}
