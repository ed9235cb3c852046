package dev.stream.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands that take a replica by its URL, without a configuration. */
class ReplicaUrlTest extends TwoReplicas {

  @Test
  void everyCommandThatTakesAFolderTakesItsUrl() throws Exception {
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
    try (StreamController stream = stream()) {
      stream.sync(Duration.ofSeconds(30));
    }
    String url = "file://" + folder.resolve("one");
    for (List<String> command :
        List.of(
            List.of("list"),
            List.of("verify"),
            List.of("cost"),
            List.of("prune", "--retention", "1d", "--dry-run"),
            List.of("pin", "keep"),
            List.of("unpin", "keep"))) {
      String[] args = new String[command.size() + 2];
      command.toArray(args);
      args[command.size()] = "--from";
      args[command.size() + 1] = url;
      Invocation run = Invocation.of(args);
      assertThat(run.exit()).as(command + run.out() + run.err()).isZero();
    }
    Path restored = folder.resolve("restored.db");
    Invocation restore =
        Invocation.of("restore", "--from", url, "--output", restored.toString(), "--json");
    assertThat(restore.exit()).as(restore.out() + restore.err()).isZero();
    assertThat(Files.size(restored)).isPositive();
  }

  @Test
  void whatIsWrongWithAUrlIsWrongUsage() {
    assertThat(refused("list", "--from", "s3://u:hunter2@b"))
        .contains("AWS_ACCESS_KEY_ID", "'?secretKey=${NAME}'")
        .doesNotContain("hunter2");
    assertThat(refused("list", "--from", "s3://bucket/x?regio=y")).contains("\"region\"");
    assertThat(refused("list", "--from", "gs://b"))
        .contains("no plug-in knows URLs with gs://", "file:///FOLDER", "nats://", "sftp://USER@");
    assertThat(refused("replicate", "x.db", "sftp://h/x")).contains("as whom to log in");
    assertThat(refused("list", "--from", "s3://b", "--replica", "x")).contains("has just one");
  }

  private static String refused(String... args) {
    Invocation run = Invocation.of(args);
    assertThat(run.exit()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    return run.err();
  }
}
