package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shell;
import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stream replicate} as the parent of the application, as in a container. */
class ExecIT {

  @TempDir Path folder;
  private Path config;
  private Path database;

  @BeforeEach
  void configure() throws Exception {
    config = folder.resolve("stream.json");
    database = folder.resolve("app.db");
    write("");
  }

  private void write(String more) throws Exception {
    Files.writeString(
        config,
        """
        {"database": {"type": "sqlite", "path": "%1$s/app.db"}, "shadowDir": "%1$s/shadow",
         "syncInterval": "50ms", "closeTimeout": "3s", %2$s
         "replicas": [{"type": "file", "path": "%1$s/replica"}]}
        """
            .formatted(folder, more.isEmpty() ? "\"restore\": {\"enabled\": true}," : more + ","));
  }

  private static final String CREATE =
      "PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES(1), (2);";

  private String[] replicate(String... more) {
    return Stream.concat(Stream.of("replicate", "--config", config.toString()), Stream.of(more))
        .toArray(String[]::new);
  }

  private String sqlite(String sql) {
    return "sqlite3 " + database + " \"" + sql + "\"";
  }

  private String restored(String query) throws Exception {
    Path copy = folder.resolve("restored.db");
    Result result =
        StreamProcess.run(
            "restore", "--config", config.toString(), "--force", "--output", copy.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    return Shell.expect("sqlite3", copy.toString(), query).strip();
  }

  /** Neither a volume nor a backup: the command makes the database, and its code is the result. */
  @Test
  void atTheFirstBootTheCommandMakesTheDatabase() throws Exception {
    Result first = StreamProcess.run(replicate("--exec", sqlite(CREATE) + "; echo out; exit 7"));
    assertThat(first.exit()).as(first.err()).isEqualTo(7);
    assertThat(first.out()).isEqualTo("wal\nout\n");
    assertThat(first.err()).contains("waiting for the application to create it");
    assertThat(restored("SELECT count(*) FROM t")).isEqualTo("2");
  }

  /** An empty volume: the backup is there before the command is. What it does at once counts. */
  @Test
  void aLostVolumeIsRestoredBeforeTheCommandStarts() throws Exception {
    Result first = StreamProcess.run(replicate("--exec", sqlite(CREATE) + "; sleep 1"));
    assertThat(first.exit()).as(first.err()).isZero();
    Shell.expect("sh", "-c", "rm -rf " + database + "* " + folder + "/shadow");
    Result second =
        StreamProcess.run(
            replicate(
                "--",
                "sqlite3",
                database.toString(),
                "SELECT 'found ' || count(*) FROM t; INSERT INTO t VALUES(3);"));
    assertThat(second.exit()).as(second.err()).isZero();
    assertThat(second.out()).isEqualTo("found 2\n");
    assertThat(restored("SELECT count(*) FROM t")).isEqualTo("3");
  }

  @Test
  void signalsArePassedOnAndWhatIsWrittenThenIsSent() throws Exception {
    Shell.expect("sqlite3", database.toString(), CREATE);
    for (String signal : List.of("TERM", "INT", "HUP")) {
      String command =
          "trap '"
              + sqlite("INSERT INTO t VALUES('" + signal + "')").replace("'", "'\\''")
              + "; exit 5' "
              + signal
              + "; echo up; while :; do sleep 0.05; done";
      // Whoever runs the tests in the background may have SIGINT ignored, by whatever it starts.
      List<String> heedful = List.of("env", "--default-signal=INT,HUP");
      Path launcher = StreamProcess.distribution().resolve("bin/stream");
      try (StreamProcess stream =
          StreamProcess.start(heedful, Map.of(), launcher, replicate("--exec", command))) {
        stream.awaitLine("started sh");
        StreamProcess.await("its output", () -> stream.out().contains("up"));
        Shell.expect("kill", "-s", signal, Long.toString(stream.pid()));
        Result ended = stream.await();
        assertThat(ended.exit()).as(signal + ended.err()).isEqualTo(5);
      }
      assertThat(restored("SELECT count(*) FROM t WHERE a = '" + signal + "'")).isEqualTo("1");
    }
  }

  @Test
  void aCommandThatDoesNotEndIsKilled() throws Exception {
    Shell.expect("sqlite3", database.toString(), CREATE);
    write("\"exec\": \"trap '' TERM; sleep 300 & echo $!; while :; do sleep 0.05; done\"");
    try (StreamProcess stream = StreamProcess.start(replicate())) {
      stream.awaitLine("started sh");
      StreamProcess.await("its child", () -> stream.out().endsWith("\n"));
      Result ended = stream.terminate();
      assertThat(ended.exit()).as(ended.err()).isEqualTo(128 + 9);
      assertThat(ended.err()).contains("has not ended", "is killed");
      long child = Long.parseLong(ended.out().strip());
      StreamProcess.await(
          "its child's end",
          () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  @Test
  void aCommandThatIsNotThereOrEndsAtOnceIsTold() throws Exception {
    Result missing = StreamProcess.run(replicate("--", "/no/such/command", "-x"));
    assertThat(missing.exit()).isEqualTo(127);
    assertThat(missing.err()).contains("cannot start /no/such/command");
    Shell.expect("sqlite3", database.toString(), CREATE);
    assertThat(StreamProcess.run(replicate("--", "/no/such/command")).exit()).isEqualTo(127);
    assertThat(StreamProcess.run(replicate("--exec", "no-such-command")).exit()).isEqualTo(127);
    assertThat(StreamProcess.run(replicate("--exec", "exit 3")).exit()).isEqualTo(3);
    assertThat(restored("SELECT count(*) FROM t")).isEqualTo("2");
    List<String[]> wrong = new ArrayList<>();
    wrong.add(replicate("--exec", " "));
    wrong.add(replicate("--"));
    wrong.add(replicate("--exec", "true", "--", "true"));
    for (String[] arguments : wrong) {
      assertThat(StreamProcess.run(arguments).exit()).isEqualTo(2);
    }
  }

  /** The store is down: whether the application begins anew is for the operator to say. */
  @Test
  void aStoreThatCannotBeAskedKeepsTheCommandFromStarting() throws Exception {
    Files.writeString(folder.resolve("replica"), "no folder");
    Result refused = StreamProcess.run(replicate("--exec", "echo started"));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("It is not known whether there is a backup", "onUnreachable");
    write("\"restore\": {\"enabled\": true, \"onUnreachable\": \"start\"}");
    Result started =
        StreamProcess.run(replicate("--exec", sqlite(CREATE) + " >/dev/null; echo started"));
    assertThat(started.out()).as(started.err()).isEqualTo("started\n");
    assertThat(started.err()).contains("was not restored, because no replica could be asked");
    assertThat(Shell.expect("sqlite3", database.toString(), "SELECT count(*) FROM t").strip())
        .isEqualTo("2");
  }
}
