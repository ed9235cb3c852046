package dev.stream.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A restore that a start script or an init container calls unconditionally. */
class RestoreConditionsTest extends TwoReplicas {

  private void replicate() throws Exception {
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
    try (StreamController stream = stream()) {
      stream.sync(Duration.ofSeconds(30));
    }
  }

  /** The first boot: neither a database nor a backup. */
  @Test
  void nothingAnywhereIsNoFailureIfThatWasToBeExpected() throws Exception {
    Files.createDirectories(folder.resolve("one"));
    Files.createDirectories(folder.resolve("two"));
    Invocation first = run("restore", "--if-missing", "--if-backup");
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.out()).contains("app.db: no replica has anything to restore it from yet");
    JsonNode document = json(0, "restore", "--if-missing", "--if-backup");
    assertThat(document.path("restored").asBoolean(true)).isFalse();
    assertThat(document.path("reason").asText()).isEqualTo("no replica has anything");
    assertThat(run("restore", "--if-missing").exit()).as("it may have been expected").isEqualTo(1);
    assertThat(json(0, "restore", "--if-backup", "--dry-run", "-o", folder + "/x.db").toString())
        .contains("no replica has anything");
    assertThat(folder.resolve("app.db")).doesNotExist();
  }

  /** An empty volume: the database's own path is taken, since nothing can be lost there. */
  @Test
  void aDatabaseThatIsGoneIsRestoredAndOneThatIsThereIsLeftAlone() throws Exception {
    replicate();
    Path database = folder.resolve("app.db");
    byte[] bytes = Files.readAllBytes(database);
    Invocation there = run("restore", "--if-missing", "--if-backup");
    assertThat(there.exit()).as(there.err()).isZero();
    assertThat(there.out()).contains(database + ": it exists and is left as it is");
    JsonNode document = json(0, "restore", "--if-missing");
    assertThat(document.path("reason").asText()).isEqualTo("it exists");
    Files.delete(database);
    assertThat(json(0, "restore", "--if-missing", "--if-backup").path("restored").asBoolean())
        .isTrue();
    assertThat(database).hasBinaryContent(bytes);
    Files.writeString(database, "somebody's");
    assertThat(run("restore", "--if-missing", "--if-backup").exit()).isZero();
    assertThat(database).hasContent("somebody's");
  }

  @Test
  void aReplicaThatCannotBeAskedIsNoEmptyOne() throws Exception {
    Files.createDirectories(folder.resolve("one"));
    Files.writeString(folder.resolve("two"), "no folder");
    Invocation doubtful = run("restore", "--if-missing", "--if-backup");
    assertThat(doubtful.exit()).as(doubtful.out()).isEqualTo(1);
    assertThat(doubtful.err()).contains("two");
  }

  @Test
  void aDryRunTellsWhatTheRestoreThenDoesAndChangesNothing() throws Exception {
    replicate();
    String target = folder.resolve("back.db").toString();
    List<Path> before = everything();
    JsonNode planned = json(0, "restore", "--dry-run", "-o", target);
    Invocation told = run("restore", "--dry-run", "-o", target);
    assertThat(told.out()).startsWith("would restore " + target).contains("nothing was changed");
    assertThat(everything()).isEqualTo(before);
    JsonNode done = json(0, "restore", "-o", target);
    for (String key :
        new String[] {
          "path",
          "replica",
          "reason",
          "generation",
          "txId",
          "committedAt",
          "pageSize",
          "pages",
          "size",
          "snapshotTxId",
          "segments",
          "requests"
        }) {
      assertThat(planned.get(key)).as(key).isEqualTo(done.get(key));
    }
    assertThat(planned.path("objects").asLong()).isEqualTo(done.path("objectsFetched").asLong());
    assertThat(planned.path("bytes").asLong()).isEqualTo(done.path("bytesFetched").asLong());
    assertThat(planned.path("restored").asBoolean(true)).isFalse();
    Invocation again = run("restore", "--dry-run", "-o", target);
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains(target + " exists", "--force");
    assertThat(run("restore", "--dry-run", "--force", "-o", target).exit()).isZero();
    assertThat(run("restore", "--dry-run", "--tx", "99", "-o", target + "2").exit()).isEqualTo(1);
  }

  private List<Path> everything() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void whatContradictsItselfIsWrongUsage() throws Exception {
    for (String[] options :
        new String[][] {
          {"--if-missing", "--force"},
          {"--if-missing", "--delta"},
          {"--if-backup", "--follow", "-o", folder + "/x.db"},
          {"--dry-run", "--follow", "-o", folder + "/x.db"},
        }) {
      assertThat(run("restore", options).exit()).as(String.join(" ", options)).isEqualTo(2);
    }
    Invocation pathless =
        Invocation.of("restore", "--from", folder.toString(), "--if-missing", "--if-backup");
    assertThat(pathless.exit()).isEqualTo(2);
    assertThat(pathless.err()).contains("--output PATH");
  }
}
