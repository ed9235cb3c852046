package dev.stream.it.h2;

import dev.stream.it.Shell;
import dev.stream.it.Tmpfs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** What H2 does when the disk or the thread fails it. */
final class FaultScenarios {

  private FaultScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario("a writing thread that is interrupted", FaultScenarios::interrupted),
        new Scenario("a store's thread that is interrupted", FaultScenarios::storeInterrupted));
  }

  /** Those for which one must be able to mount. */
  static List<Scenario> onDisks() {
    return List.of(
        new Scenario("a full disk", FaultScenarios::full),
        new Scenario("a store on a full disk", FaultScenarios::storeFull),
        new Scenario("a disk that is read-only", FaultScenarios::readOnlyDisk),
        new Scenario("a file that is read-only", FaultScenarios::readOnlyFile));
  }

  private static void interrupted(Side side) throws Exception {
    try (Connection connection = side.open(";WRITE_DELAY=0")) {
      Answers.note(side.transcript(), connection, "CREATE TABLE t(a INT)");
      Answers.note(side.transcript(), connection, "INSERT INTO t VALUES(1)");
      Thread.currentThread().interrupt();
      try {
        Answers.note(side.transcript(), connection, "INSERT INTO t VALUES(2)");
      } finally {
        side.transcript().note("interrupted " + Thread.interrupted());
      }
      Answers.note(side.transcript(), connection, "INSERT INTO t VALUES(3)");
      Answers.note(side.transcript(), connection, "SELECT COUNT(*) FROM t");
    } catch (java.sql.SQLException e) {
      side.transcript().fail(e);
    }
    side.visit("", "SELECT COUNT(*) > 0 FROM t", "INSERT INTO t VALUES(4)");
    side.files();
  }

  private static void storeInterrupted(Side side) {
    MVStore store = new MVStore.Builder().fileName(side.name("s.mv")).autoCommitDisabled().open();
    MVMap<Integer, Integer> map = store.openMap("m");
    map.put(1, 1);
    store.commit();
    map.put(2, 2);
    Thread.currentThread().interrupt();
    try {
      side.transcript().attempt("commit", store::commit);
    } finally {
      side.transcript().note("interrupted " + Thread.interrupted());
    }
    side.transcript().attempt("commit again", store::commit);
    side.transcript()
        .attempt(
            "close",
            () -> {
              store.close();
              return null;
            });
    store.closeImmediately();
    try (MVStore again = MVStore.open(side.name("s.mv"))) {
      side.transcript().note("has " + again.openMap("m").get(1));
    }
  }

  private static void full(Side side) throws Exception {
    try (Tmpfs disk = Tmpfs.mount(side.folder(), "3m")) {
      try (Connection connection = side.open(";WRITE_DELAY=0")) {
        Answers.note(side.transcript(), connection, "CREATE TABLE t(a INT, b VARCHAR)");
        Answers.note(side.transcript(), connection, "INSERT INTO t VALUES(1, 'before')");
        ballast(disk);
        Answers.note(
            side.transcript(),
            connection,
            "INSERT INTO t SELECT x, REPEAT('b', 1000) FROM SYSTEM_RANGE(1, 1000)");
        Answers.note(side.transcript(), connection, "SELECT COUNT(*) FROM t");
        Files.delete(disk.path().resolve("ballast"));
        Answers.note(side.transcript(), connection, "INSERT INTO t VALUES(2, 'after')");
      } catch (java.sql.SQLException e) {
        side.transcript().fail(e);
      }
      side.visit("", "SELECT COUNT(*) FROM t WHERE b = 'before'", "INSERT INTO t VALUES(3, 'x')");
    }
  }

  private static void ballast(Tmpfs disk) throws Exception {
    Path ballast = disk.path().resolve("ballast");
    Shell.run("dd", "if=/dev/zero", "of=" + ballast, "bs=4k");
  }

  private static void storeFull(Side side) throws Exception {
    try (Tmpfs disk = Tmpfs.mount(side.folder(), "2m")) {
      MVStore store = new MVStore.Builder().fileName(side.name("s.mv")).autoCommitDisabled().open();
      MVMap<Integer, String> map = store.openMap("m");
      map.put(1, "one");
      store.commit();
      ballast(disk);
      map.put(2, "two".repeat(100_000));
      side.transcript().attempt("commit", store::commit);
      side.transcript().attempt("get", () -> map.get(1));
      Files.delete(disk.path().resolve("ballast"));
      side.transcript().attempt("commit again", store::commit);
      store.closeImmediately();
      try (MVStore again = MVStore.open(side.name("s.mv"))) {
        side.transcript().note("has " + again.openMap("m").get(1));
      }
    }
  }

  private static void readOnlyDisk(Side side) throws Exception {
    try (Tmpfs disk = Tmpfs.mount(side.folder(), "8m")) {
      side.visit("", "CREATE TABLE t(a INT)", "INSERT INTO t VALUES(1)");
      disk.remount("ro");
      side.visit("", "SELECT * FROM t", "INSERT INTO t VALUES(2)", "SHUTDOWN COMPACT");
      side.visit(";ACCESS_MODE_DATA=r", "SELECT * FROM t");
      side.visitAs(side.url("new"), "sa", "", "SELECT 1");
      side.files();
      disk.remount("rw");
      side.visit("", "INSERT INTO t VALUES(2)", "SELECT * FROM t");
    }
  }

  private static void readOnlyFile(Side side) throws Exception {
    try (Tmpfs disk = Tmpfs.mount(side.folder(), "8m")) {
      side.visit("", "CREATE TABLE t(a INT)");
      Path file = disk.path().resolve("db.mv.db");
      side.transcript().attempt("read-only", () -> file.toFile().setReadOnly());
      // For root the file stays writable; what H2 makes of it must be the same all the same.
      side.visit("", "INSERT INTO t VALUES(1)", "SELECT COUNT(*) FROM t");
      side.transcript().attempt("writable", () -> file.toFile().setWritable(true));
      side.visit("", "SELECT COUNT(*) FROM t");
    }
  }
}
