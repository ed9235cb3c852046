package dev.stream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command on a small database and two replicas, with its JSON. */
class CommandsTest {

  @TempDir Path folder;

  private Path config;

  @BeforeEach
  void configure() throws Exception {
    config = folder.resolve("stream.json");
    Files.writeString(
        config,
        """
        {"database": {"type": "sqlite", "path": "%1$s/app.db"}, "shadowDir": "%1$s/shadow",
         "replicas": [{"type": "file", "path": "%1$s/one", "name": "one"},
                      {"type": "file", "path": "%1$s/two", "name": "two"}]}
        """
            .formatted(folder));
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
  }

  private void sql(String... statements) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private void replicate() throws Exception {
    StreamConfig read = StreamConfig.read(config, PluginRegistry.discover());
    try (StreamController stream = StreamController.enable(read)) {
      sql("INSERT INTO t VALUES('second')");
      stream.sync(Duration.ofSeconds(30));
    }
  }

  private Invocation run(String command, String... more) {
    String[] args = new String[3 + more.length];
    args[0] = command;
    args[1] = "--config";
    args[2] = config.toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return Invocation.of(args);
  }

  private JsonNode json(int exit, String command, String... more) throws Exception {
    String[] args = Stream.concat(Stream.of(more), Stream.of("--json")).toArray(String[]::new);
    Invocation invocation = run(command, args);
    assertThat(invocation.exit()).as(invocation.err()).isEqualTo(exit);
    return Json.mapper().readTree(invocation.out());
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
    assertThat(check.path("checks")).hasSize(6);
    assertThat(check.path("configuration").path("syncInterval").asText()).isEqualTo("PT1S");
    JsonNode replica = check.path("checks").path(5);
    assertThat(replica.path("what").asText()).isEqualTo("replica two");
    assertThat(replica.path("replica").asText()).isEqualTo("two");
    assertThat(replica.path("steps").findValuesAsText("ok")).containsOnly("true").hasSize(5);
    assertThat(replica.path("roundTripMillis").asDouble()).isPositive();
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
        .containsExactly("file", "nats", "s3", "sftp", "none", "zstd", "h2", "sqlite");
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
}
