package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.it.Shell;
import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stream sync}: before a deployment, everything that is committed is on the replicas. */
final class SyncCommandIT {

  @TempDir Path folder;

  /** Of its own accord such a Stream sends nothing while a test runs. */
  private static String config(Shop shop, String... more) throws Exception {
    List<String> replicas = new ArrayList<>(List.of(more));
    replicas.add(0, "{\"type\": \"file\", \"path\": \"%s\"}".formatted(shop.replica));
    return shop.write(
            """
            {"database": {"type": "sqlite", "path": "%s"}, "shadowDir": "%s",
             "syncInterval": "1h", "compaction": "none", "closeTimeout": "1s", "replicas": [%s]}
            """
                .formatted(shop.database, shop.shadow, String.join(", ", replicas)))
        .toString();
  }

  private static Result sync(String config, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("sync", "--config", config));
    args.addAll(List.of(more));
    return StreamProcess.run(args.toArray(String[]::new));
  }

  private void isRestored(Shop shop) throws Exception {
    Path restored = folder.resolve("restored.db");
    Result restore =
        StreamProcess.run(
            "restore", "--from", "file://" + shop.replica, "-o", restored.toString(), "--force");
    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
  }

  @Test
  void everythingCommittedUntilNowIsOnTheReplicaOnceItEnds() throws Exception {
    try (Shop shop = new Shop(folder)) {
      String config = config(shop);
      try (StreamProcess stream =
          StreamProcess.start("replicate", "--config", config).awaitReady()) {
        StreamProcess.await("the snapshot", () -> !shop.artefacts("snapshots").isEmpty());
        shop.order();
        assertThat(shop.segments()).isEmpty();
        Result synced = sync(config, "--wait", "--json");
        assertThat(synced.exit()).as(synced.out() + synced.err()).isZero();
        assertThat(synced.out()).contains("\"synced\" : true", "\"name\" : \"file\"", "\"txId\"");
        assertThat(shop.segments()).isNotEmpty();
        Result asked = sync(config);
        assertThat(asked.exit()).as(asked.err()).isZero();
        assertThat(asked.out()).contains("--wait waits for it");
        stream.kill(); // what follows was on the replica before
      }
      isRestored(shop);
      assertThat(shop.shadow.toFile().list())
          .contains("status.json")
          .noneMatch(name -> name.startsWith("sync-"));
    }
  }

  @Test
  void whatLacksWhatIsSaidWhenTheTimeIsUp() throws Exception {
    try (Shop shop = new Shop(folder)) {
      Path missing = folder.resolve("not-mounted/app");
      String config =
          config(shop, "{\"type\": \"file\", \"name\": \"nas\", \"path\": \"" + missing + "\"}");
      try (StreamProcess stream =
          StreamProcess.start("replicate", "--config", config).awaitReady()) {
        shop.order();
        Result late = sync(config, "--wait", "--timeout", "3");
        assertThat(late.exit()).isEqualTo(1);
        assertThat(late.err())
            .contains("transaction ", "is missing in nas (", "Stream keeps trying")
            .doesNotContain("missing in file");
        Result one = sync(config, "--wait", "--replica", "file");
        assertThat(one.exit()).as(one.err()).isZero();
        assertThat(one.out()).contains("replica file has everything").doesNotContain("nas");
        Result unknown = sync(config, "--wait", "--replica", "fil");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("did you mean \"file\"?");
        Result ended = stream.terminate();
        assertThat(ended.exit()).isEqualTo(1);
      }
    }
  }

  @Test
  void ifNoStreamRunsItSendsEverythingItself() throws Exception {
    try (Shop shop = new Shop(folder)) {
      shop.order();
      Result synced = sync(config(shop), "--wait");
      assertThat(synced.exit()).as(synced.err()).isZero();
      assertThat(synced.out()).contains("replica file has everything");
      isRestored(shop);
    }
  }

  @Test
  void anApplicationThatEmbedsStreamCannotBeAsked() throws Exception {
    try (Shop shop = new Shop(folder)) {
      Path config = Path.of(config(shop));
      try (StreamController stream =
          StreamController.enable(StreamConfig.read(config, PluginRegistry.discover()))) {
        Result asked = sync(config.toString(), "--wait");
        assertThat(asked.exit()).isEqualTo(1);
        assertThat(asked.err()).contains("does not answer", "StreamController.sync()");
        assertThat(stream.status().running()).isTrue();
      }
    }
  }

  /** As where a service has a user of its own, and an operator is root. */
  @Test
  void rootMayAskTheProcessOfAnotherUser() throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    try (StreamProcess version = StreamProcess.startAsNobody("--version")) {
      assumeThat(version.await().exit()).as("another user may run the distribution").isZero();
    }
    try (Shop shop = new Shop(folder)) {
      String config = config(shop);
      Shell.expect("chown", "-R", "65534:65534", folder.toString());
      try (StreamProcess stream =
          StreamProcess.startAsNobody("replicate", "--config", config).awaitReady()) {
        shop.order();
        Result synced = sync(config, "--wait");
        assertThat(synced.exit()).as(synced.err() + stream.err()).isZero();
        assertThat(synced.out()).contains("replica file has everything");
        Result ended = stream.terminate();
        assertThat(ended.err()).doesNotContain("the request");
      }
    }
  }
}
