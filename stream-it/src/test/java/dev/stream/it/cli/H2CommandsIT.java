package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command does with H2 databases, which an application captures: here this JVM. */
final class H2CommandsIT {

  @TempDir Path folder;

  private H2Shop shop;

  @BeforeEach
  void configure() throws Exception {
    shop = new H2Shop(folder);
  }

  private Result run(String command, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of(command, "--config", shop.config.toString()));
    args.addAll(List.of(more));
    return StreamProcess.run(args.toArray(String[]::new));
  }

  private static Result succeeds(Result result) {
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    return result;
  }

  private void replicateOrders() throws Exception {
    try (H2Shop open = shop.open()) {
      open.order();
      open.order();
      open.sync();
    }
  }

  @Test
  void aReplicaIsListedProvenAndRestoredByteForByte() throws Exception {
    replicateOrders();
    assertThat(succeeds(run("list")).out())
        .contains("can be restored up to its newest transaction");
    assertThat(succeeds(run("verify")).out()).contains("whole and proven");
    Path restored = folder.resolve("restored.mv.db");
    Result quick = succeeds(run("restore", "--output", restored.toString()));
    assertThat(quick.out()).contains("the database's own check passed (h2, quick)");
    assertThat(Files.mismatch(shop.database, restored)).isEqualTo(-1);
    Result thorough =
        succeeds(
            StreamProcess.run(
                "restore",
                "--from",
                shop.replica.toString(),
                "--output",
                restored.toString(),
                "--thorough",
                "--force"));
    assertThat(thorough.out()).contains("the database's own check passed (h2, thorough)");
    assertThat(Files.mismatch(shop.database, restored)).isEqualTo(-1);
  }

  @Test
  void statusTellsOfTheApplicationsStream() throws Exception {
    assertThat(succeeds(run("status")).out()).contains("never");
    try (H2Shop open = shop.open()) {
      open.order();
      open.sync();
      StreamProcess.await("status", () -> Files.exists(shop.shadow.resolve("status.json")));
      Result running = succeeds(run("status"));
      assertThat(running.out())
          .contains("running (pid " + ProcessHandle.current().pid() + ")")
          .contains(shop.database.toString());
    }
    assertThat(succeeds(run("status")).out()).contains("stopped").contains("no Stream runs");
  }

  @Test
  void whatIsCapturedInsideCannotBeCapturedFromOutside() throws Exception {
    replicateOrders();
    Files.delete(shop.database);
    for (String command : List.of("replicate", "snapshot")) {
      Result refused = run(command);
      assertThat(refused.exit()).as(refused.err()).isEqualTo(2);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .contains("captured inside the application", "'stream " + command + "' cannot")
          .contains("H2Stream.register(Observer.of(", "jdbc:h2:stream:")
          .doesNotContain("\tat ");
      assertThat(shop.database).as("restored by " + command).doesNotExist();
    }
    assertThat(run("snapshot").err()).contains("snapshotNow()");
    assertThat(run("replicate").err()).doesNotContain("snapshotNow()");
  }

  @Test
  void checkTellsWhatCanBeToldFromOutside() throws Exception {
    String missing = succeeds(run("check")).out();
    assertThat(missing).contains("ok      database: " + shop.database + " does not exist");
    assertThat(shop.replica).doesNotExist();
    try (H2Shop open = shop.open()) {
      open.order();
      assertThat(succeeds(run("check")).out())
          .contains("ok      database: " + shop.database + " is open in an application")
          .contains("ok      replica file");
      open.order(); // it still has its lock and its database
    }
    byte[] closed = Files.readAllBytes(shop.database);
    assertThat(succeeds(run("check")).out())
        .contains("ok      database: " + shop.database + " is sound");
    assertThat(Files.readAllBytes(shop.database)).isEqualTo(closed);
    try (H2Shop without = new H2Shop(folder).openWithout()) {
      assertThat(succeeds(run("check")).out())
          .contains("WARN    database: ", "its commits are not replicated", "H2Stream.register");
      assertThat(succeeds(run("check", "--json")).out()).contains("\"warning\" : true");
      without.order();
    }
    Files.write(shop.database, new byte[8192]);
    Result damaged = run("check");
    assertThat(damaged.exit()).isEqualTo(1);
    assertThat(damaged.out()).contains("FAILED  database: ", "no sound H2 store");
  }

  @Test
  void aDatabaseThatIsOpenIsNotReplacedUnderneath() throws Exception {
    replicateOrders();
    try (H2Shop open = new H2Shop(folder).openWithout()) {
      // Not its bytes: closing any channel on it would take this JVM's lock.
      Object inode = Files.getAttribute(shop.database, "unix:ino");
      Result refused = run("restore", "--output", shop.database.toString(), "--force");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("is open in another process", "Stop that process");
      assertThat(Files.getAttribute(shop.database, "unix:ino")).isEqualTo(inode);
      open.order();
    }
    succeeds(run("restore", "--output", shop.database.toString(), "--force"));
    try (H2Shop open = shop.open()) {
      open.order(); // and goes on
    }
    assertThat(succeeds(run("verify", "--newest")).out()).contains("whole and proven");
  }

  @Test
  void aSqliteDatabaseThatIsOpenIsNotReplacedEither() throws Exception {
    List<String> restore;
    try (Shop sqlite = new Shop(Files.createDirectory(folder.resolve("sqlite")))) {
      sqlite.replicate(1);
      String from = sqlite.replica.toString();
      String target = sqlite.database.toString();
      restore = List.of("restore", "--from", from, "--output", target, "--force");
      Result refused = StreamProcess.run(restore.toArray(String[]::new));
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("is open in another process");
      sqlite.order();
    }
    succeeds(StreamProcess.run(restore.toArray(String[]::new)));
  }
}
