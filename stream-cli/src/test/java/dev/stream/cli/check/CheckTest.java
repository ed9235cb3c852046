package dev.stream.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.cli.demo.SqlProcess;
import dev.stream.core.StreamController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where {@code replicate} refuses, {@code check} says so beforehand. */
class CheckTest extends TwoReplicas {

  @BeforeEach
  void replicate() throws Exception {
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
    try (StreamController stream = stream()) {
      stream.sync(Duration.ofSeconds(30));
    }
  }

  private void forget(Path... what) throws Exception {
    for (Path path : what) {
      try (Stream<Path> tree = Files.exists(path) ? Files.walk(path) : Stream.<Path>of()) {
        for (Path each : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  private Path database() {
    return folder.resolve("app.db");
  }

  @Test
  void theDatabaseThatWasReplicatedIsAcceptedAlsoWithoutAMemory() throws Exception {
    assertThat(run("check").out()).contains("ok      newest state: the shadow directory knows");
    forget(folder.resolve("shadow"));
    Invocation check = run("check");
    assertThat(check.out()).contains("ok      newest state: the database is what replica");
    assertThat(check.exit()).isZero();
  }

  @Test
  void anotherDatabaseThanTheReplicaHoldsIsToldBeforehand() throws Exception {
    forget(folder.resolve("shadow"), database());
    sql("CREATE TABLE another(a)");
    Invocation check = run("check");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out())
        .contains("FAILED  newest state", "would refuse", "holds another one", "WARN    database")
        .contains("is not in WAL mode: 'stream replicate' would switch it");
  }

  @Test
  void anEmptyFileInThePlaceOfWhatTheReplicaHoldsIsToldBeforehand() throws Exception {
    forget(database());
    Files.createFile(database());
    Invocation check = run("check");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.out()).contains("FAILED  newest state", "it is empty");
  }

  @Test
  void exclusiveLockingModeIsNamed() throws Exception {
    forget(folder.resolve("shadow"), folder.resolve("one"), folder.resolve("two"));
    try (SqlProcess other = SqlProcess.start(database(), folder)) {
      List<String> ignored =
          other.run(List.of("PRAGMA locking_mode=EXCLUSIVE;", "INSERT INTO t VALUES('second');"));
      Invocation check = run("check");
      assertThat(check.exit()).isEqualTo(1);
      assertThat(check.out()).contains("FAILED  database", "exclusive locking mode");
    }
    assertThat(run("check").exit()).isZero();
  }
}
