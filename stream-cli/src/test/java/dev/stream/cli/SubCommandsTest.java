package dev.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.api.replica.ObjectKey;
import dev.stream.cli.output.Json;
import dev.stream.core.StreamController;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.state.GenerationId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each command on a small database and two replicas, with its JSON. */
class SubCommandsTest extends TwoReplicas {

  @BeforeEach
  void create() throws Exception {
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
  }

  private void replicate() throws Exception {
    try (StreamController stream = stream()) {
      sql("INSERT INTO t VALUES('second')");
      stream.sync(Duration.ofSeconds(30));
    }
  }

  private long files() throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.count();
    }
  }

  @Test
  void checkTriesEverythingAndLeavesNothing() throws Exception {
    long before = files();
    JsonNode check = json(0, "check");
    assertThat(check.path("ok").asBoolean()).isTrue();
    assertThat(check.path("checks")).hasSize(8);
    assertThat(check.path("configuration").path("syncInterval").asText()).isEqualTo("PT1S");
    JsonNode replica = check.path("checks").path(6);
    assertThat(replica.path("what").asText()).isEqualTo("replica two");
    assertThat(replica.path("replica").asText()).isEqualTo("two");
    assertThat(replica.path("steps").findValuesAsText("ok")).containsOnly("true").hasSize(6);
    assertThat(replica.path("roundTripMillis").isNumber()).isTrue(); // may be too short to show
    assertThat(run("check", "--timeout", "0").exit()).isEqualTo(2);
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void checkGoesOnAfterAFailureAndSaysWhichPart() throws Exception {
    Files.writeString(folder.resolve("one"), "a file where a folder should be");
    Files.delete(folder.resolve("app.db"));
    Invocation check = run("check");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out())
        .contains("FAILED  database", "FAILED  replica one", "ok      replica two");
    assertThat(folder.resolve("one")).isRegularFile();
  }

  @Test
  void statusTellsBeforeTheFirstRunAndAfterTheLast() throws Exception {
    assertThat(json(0, "status").path("state").asText()).isEqualTo("never");
    assertThat(run("status", "--strict").exit()).isEqualTo(1);
    replicate();
    JsonNode status = json(0, "status");
    assertThat(status.path("state").asText()).isEqualTo("stopped");
    assertThat(status.path("healthy").asBoolean()).isFalse();
    assertThat(status.path("replicas")).hasSize(2);
    assertThat(status.path("dataLossWindowMillis").asLong()).isZero();
  }

  @Test
  void listAndVerifyAgreeOnWhatCanBeRestored() throws Exception {
    replicate();
    JsonNode list = json(0, "list");
    JsonNode generation = list.path("replicas").path(1).path("generations").path(0);
    assertThat(generation.path("snapshots")).isNotEmpty();
    JsonNode verify = json(0, "verify", "--replica", "two");
    assertThat(verify.path("ok").asBoolean()).isTrue();
    assertThat(verify.path("replicas")).hasSize(1);
    JsonNode proven = verify.path("replicas").path(0).path("generations").path(0);
    assertThat(proven.path("provenTxId")).isEqualTo(generation.path("restorableTxId"));
    assertThat(proven.path("problems")).isEmpty();
    assertThat(run("list", "--generation", generation.path("id").asText()).exit()).isZero();
    assertThat(run("list", "--generation", "0000000000000001-00000000").exit()).isEqualTo(1);
    assertThat(run("list", "--generation", "newest").exit()).isEqualTo(2);
  }

  @Test
  void anEmptyReplicaIsNotProven() throws Exception {
    assertThat(json(1, "verify").path("ok").asBoolean()).isFalse();
    assertThat(json(0, "list").path("replicas").path(0).path("generations")).isEmpty();
  }

  @Test
  void restoreSaysWhatItRestoredAndFromWhere() throws Exception {
    replicate();
    Path target = folder.resolve("back.db");
    JsonNode restored = json(0, "restore", "-o", target.toString(), "--replica", "two");
    assertThat(restored.path("replica").asText()).isEqualTo("two");
    assertThat(restored.path("size").asLong()).isEqualTo(Files.size(target));
    JsonNode refused = json(1, "restore", "-o", target.toString());
    assertThat(refused.path("error").path("exitCode").asInt()).isEqualTo(1);
    assertThat(refused.path("error").path("message").asText()).contains("--force");
    assertThat(run("restore", "-o", target.toString(), "--replica", "three").exit()).isEqualTo(2);
    assertThat(run("restore", "-o", target.toString(), "--tx", "1", "--accept-older").exit())
        .isEqualTo(2);
  }

  @Test
  void snapshotWorksWithoutARunningStream() throws Exception {
    JsonNode snapshot = json(0, "snapshot");
    assertThat(snapshot.path("replicas")).hasSize(2);
    assertThat(run("snapshot", "--timeout", "0").exit()).isEqualTo(2);
  }

  @Test
  void pluginsNamesTypeModuleVersionAndJar() throws Exception {
    Invocation plugins = Invocation.of("plugins", "--json");
    assertThat(plugins.exit()).isZero();
    JsonNode list = Json.mapper().readTree(plugins.out()).path("plugins");
    assertThat(list.findValuesAsText("type"))
        .containsExactly("file", "nats", "s3", "sftp", "none", "zstd", "bolt", "h2", "sqlite");
    assertThat(list.path(0).has("module")).isTrue();
    assertThat(list.path(0).path("jar").asText()).contains("stream-replica-file");
  }

  @Test
  void aDemoNeedsAFolderToItself() throws Exception {
    Invocation demo = Invocation.of("demo", "--folder", folder.toString());
    assertThat(demo.exit()).isEqualTo(2);
    assertThat(demo.err()).contains("is not empty");
    assertThat(folder.resolve("app.db")).exists();
  }

  /** Puts artefacts in a folder as if they had been stored some hours ago. */
  private Path replicaOf(Map<ObjectKey, Integer> hoursAgo) throws Exception {
    Path root = folder.resolve("old");
    for (Map.Entry<ObjectKey, Integer> one : hoursAgo.entrySet()) {
      Path file = root.resolve(one.getKey().value());
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[1000]);
      Instant time = Instant.now().minus(Duration.ofHours(one.getValue()));
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
    return root;
  }

  private Path aged() throws Exception {
    Clock longAgo = Clock.fixed(Instant.now().minus(Duration.ofHours(90)), ZoneOffset.UTC);
    GenerationId id = GenerationId.next(longAgo, new Random(3), null);
    return replicaOf(
        Map.of(
            ArtefactKeys.snapshot(id, 0), 80,
            ArtefactKeys.segment(id, 0, 1, 10), 70,
            ArtefactKeys.snapshot(id, 10), 70,
            ArtefactKeys.segment(id, 0, 11, 20), 50,
            ArtefactKeys.snapshot(id, 20), 50,
            ArtefactKeys.segment(id, 0, 21, 30), 0));
  }

  private static List<String> names(Path root) throws Exception {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void pruneShowsWhatGoesAndWhyAndThenDeletesIt() throws Exception {
    Path root = aged();
    List<String> before = names(root);
    String from = root.toString();
    Invocation shown = Invocation.of("prune", "--from", from, "--retention", "24h", "--dry-run");
    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(shown.out())
        .contains("would go   2 snapshots, 2.0 KiB: is from before the snapshot at transaction 20")
        .contains("stays      1 segment")
        .contains("restorable  transactions 20–30")
        .contains("4 objects would go, 3.9 KiB; 2 stay, 2.0 KiB");
    assertThat(names(root)).isEqualTo(before);
    Invocation json =
        Invocation.of("prune", "--from", from, "--retention", "60h", "--dry-run", "--json");
    JsonNode replica = Json.mapper().readTree(json.out()).path("replicas").path(0);
    JsonNode generation = replica.path("generations").path(0);
    assertThat(generation.path("going")).hasSize(2);
    assertThat(generation.path("restorable").path(0).path("firstTxId").asLong()).isEqualTo(10);
    assertThat(replica.path("deletedObjects").asInt()).isZero();
    assertThat(Invocation.of("pin", "keep", "--from", from, "--tx", "10").exit()).isZero();
    Invocation pruned = Invocation.of("prune", "--from", from, "--retention", "24h");
    assertThat(pruned.exit()).as(pruned.err()).isZero();
    assertThat(pruned.out()).contains("is needed by the pin \"keep\"").contains("deleted");
    assertThat(names(root))
        .containsExactly(
            "000000000000000a", "0000000000000014", "0000000000000015-000000000000001e", "keep");
    assertThat(Invocation.of("prune", "--from", from, "--retention", "24h").out())
        .contains("0 objects go");
  }

  @Test
  void pruneKeepsSnapshotsAsFarApartAsTheConfigurationSays() throws Exception {
    Path root = aged();
    Files.writeString(
        config,
        """
        {"database": {"type": "sqlite", "path": "%1$s/app.db"}, "shadowDir": "%1$s/shadow",
         "retention": {"snapshotRetention": "30d", "snapshotInterval": "3650d"},
         "replicas": [{"type": "file", "path": "%2$s"}]}
        """
            .formatted(folder, root));
    assertThat(run("prune", "--dry-run").out())
        .contains("would go   1 snapshot, 1000 B: one snapshot per 3650d is enough");
    assertThat(run("prune", "--dry-run", "--retention", "20d").out())
        .contains("one snapshot per 3650d is enough");
  }

  @Test
  void pruneNeedsAPolicyThatMakesSense() throws Exception {
    String from = aged().toString();
    Invocation none = Invocation.of("prune", "--from", from);
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).contains("--retention 30d");
    assertThat(Invocation.of("prune", "--from", from, "--retention", "soon").err())
        .contains("--retention \"soon\" is not a duration");
    Invocation falling =
        Invocation.of("prune", "--from", from, "--retention", "1d", "--segment-retention", "2h,1h");
    assertThat(falling.exit()).isEqualTo(2);
    assertThat(falling.err()).contains("--segment-retention must not fall");
    replicate();
    JsonNode pruned = json(0, "prune");
    assertThat(pruned.path("dryRun").asBoolean()).isFalse();
    assertThat(pruned.path("replicas")).hasSize(2);
    assertThat(pruned.path("replicas").path(0).path("deletedObjects").asInt()).isZero();
    assertThat(run("prune", "--replica", "two", "--dry-run").exit()).isZero();
  }

  @Test
  void aPinNamesTheNewestStateOfEachReplicaUntilItIsRemoved() throws Exception {
    replicate();
    long newest =
        json(0, "list")
            .path("replicas")
            .path(0)
            .path("generations")
            .path(0)
            .path("restorableTxId")
            .asLong();
    assertThat(newest).isGreaterThan(1);
    JsonNode pinned = json(0, "pin", "good");
    assertThat(pinned.path("replicas").findValuesAsText("txId"))
        .containsExactly(Long.toString(newest), Long.toString(newest));
    assertThat(run("pin", "good").exit()).as("again").isZero();
    Invocation taken = run("pin", "good", "--tx", "1");
    assertThat(taken.exit()).isEqualTo(1);
    assertThat(taken.err()).contains("the name \"good\" is taken", "stream unpin good");
    assertThat(run("pin", "other", "--tx", "999999").err()).contains("no such state to pin");
    assertThat(run("pin", "--list").out()).contains("pin good: transaction " + newest);
    assertThat(json(0, "list").path("replicas").path(1).path("pins").path(0).path("pin").asText())
        .isEqualTo("good");
    assertThat(run("list").out()).contains("pin good: transaction " + newest);
    assertThat(run("pin").exit()).isEqualTo(2);
    assertThat(run("pin", "no/name").exit()).isEqualTo(2);
    assertThat(run("pin", "good", "--list").exit()).isEqualTo(2);
    assertThat(run("unpin", "good", "--replica", "one").exit()).isZero();
    assertThat(json(0, "pin", "--list").path("replicas").findValuesAsText("pin")).hasSize(1);
    assertThat(run("unpin", "good").exit()).isZero();
    Invocation gone = run("unpin", "good");
    assertThat(gone.exit()).isEqualTo(1);
    assertThat(gone.err()).contains("there is no pin \"good\"");
  }
}
