package dev.stream.it.h2;

import dev.stream.it.Shell;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Locale;

/** How databases are opened, refused, and found again. */
final class OpenScenarios {

  private static final String MAKE = "CREATE TABLE IF NOT EXISTS t(a INT)";
  private static final String FILL = "INSERT INTO t VALUES(1), (2)";
  private static final String COUNT = "SELECT COUNT(*) FROM t";

  private OpenScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario("create, close, open again", OpenScenarios::again),
        new Scenario("wrong password, unknown user", OpenScenarios::credentials),
        new Scenario("opened twice in one process", OpenScenarios::twice),
        new Scenario("opened by a second process", OpenScenarios::secondProcess),
        new Scenario("kinds of locks", OpenScenarios::locks),
        new Scenario("IFEXISTS", OpenScenarios::ifExists),
        new Scenario("ACCESS_MODE_DATA=r", OpenScenarios::readOnlyMode),
        new Scenario("missing parents, folders in the way", OpenScenarios::places),
        new Scenario("names", OpenScenarios::names),
        new Scenario("relative to the home folder", OpenScenarios::home),
        new Scenario("encrypted", OpenScenarios::encrypted),
        new Scenario("compressed", OpenScenarios::compressed),
        new Scenario("unknown settings, INIT, TRACE", OpenScenarios::settings),
        new Scenario("a file that is no database", side -> damaged(side, 0)),
        new Scenario("an empty file", side -> damaged(side, 1)),
        new Scenario("a file cut short", side -> damaged(side, 2)),
        new Scenario("a file with a damaged header", side -> damaged(side, 3)),
        new Scenario("a file with damage inside", side -> damaged(side, 4)),
        new Scenario("a compaction that was not finished", OpenScenarios::unfinished),
        new Scenario("rights of another user", OpenScenarios::rights),
        new Scenario("a file removed while open", OpenScenarios::removed),
        new Scenario("through a symbolic link", OpenScenarios::linked));
  }

  private static void again(Side side) throws Exception {
    side.visit("", MAKE, FILL, COUNT);
    side.files();
    side.visit("", COUNT, FILL, COUNT);
    side.visit(";WRITE_DELAY=0", FILL, COUNT);
  }

  private static void credentials(Side side) throws Exception {
    side.visitAs(side.url("db"), "sa", "secret", MAKE, "CREATE USER u PASSWORD 'x'");
    side.visitAs(side.url("db"), "sa", "wrong", COUNT);
    side.visitAs(side.url("db"), "nobody", "secret", COUNT);
    side.visitAs(side.url("db"), "u", "x", COUNT, MAKE, "SHUTDOWN");
    side.visitAs(side.url("db"), "sa", "secret", COUNT);
  }

  private static void twice(Side side) throws Exception {
    try (Connection first = side.open("")) {
      Answers.note(side.transcript(), first, MAKE);
      side.visit("", FILL);
      side.visitAs(side.url("../" + side.folder().getFileName() + "/db"), "sa", "", COUNT);
      side.visit(";ACCESS_MODE_DATA=r", COUNT);
      side.visit(";MODE=MySQL", COUNT);
    }
  }

  private static void secondProcess(Side side) throws Exception {
    try (Connection first = side.open("")) {
      Answers.note(side.transcript(), first, MAKE);
      shell(side);
      Answers.note(side.transcript(), first, FILL);
    }
    shell(side);
  }

  /** Another process, which has H2 alone. */
  private static void shell(Side side) throws Exception {
    Path h2 =
        Path.of(org.h2.Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Shell.Result result =
        Shell.run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            h2.toString(),
            "org.h2.tools.Shell",
            "-url",
            "jdbc:h2:" + side.folder().resolve("db"),
            "-user",
            "sa",
            "-sql",
            COUNT);
    side.transcript().note("process " + result.exit());
    result
        .output()
        .lines()
        .filter(line -> !line.contains("\tat ") && !line.contains(" ms)"))
        .forEach(side.transcript()::note);
  }

  private static void locks(Side side) throws Exception {
    for (String kind : List.of("FILE", "SOCKET", "FS", "NO", "NOTHING")) {
      side.visit(";FILE_LOCK=" + kind, MAKE, FILL, COUNT);
      side.files();
    }
  }

  private static void ifExists(Side side) throws Exception {
    side.visit(";IFEXISTS=TRUE", MAKE);
    side.files();
    side.visit("", MAKE);
    side.visit(";IFEXISTS=TRUE", COUNT);
    side.visit(";FORBID_CREATION=TRUE", COUNT);
    side.visitAs(side.url("other;FORBID_CREATION=TRUE"), "sa", "", MAKE);
  }

  private static void readOnlyMode(Side side) throws Exception {
    side.visit(";ACCESS_MODE_DATA=r", COUNT);
    side.files();
    side.visit("", MAKE, FILL);
    side.visit(";ACCESS_MODE_DATA=r", COUNT, FILL, "CREATE TABLE u(a INT)", "CHECKPOINT SYNC");
    side.visit(
        ";ACCESS_MODE_DATA=r",
        "CREATE LOCAL TEMPORARY TABLE l AS SELECT * FROM t",
        "SHUTDOWN COMPACT");
    side.visit(";ACCESS_MODE_DATA=x", COUNT);
    side.visit("", COUNT);
  }

  private static void places(Side side) throws Exception {
    side.visitAs(side.url("a/b/c/db"), "sa", "", MAKE);
    side.files();
    Files.createDirectory(side.folder().resolve("folder.mv.db"));
    side.visitAs(side.url("folder"), "sa", "", MAKE);
    Files.writeString(side.folder().resolve("file"), "in the way");
    side.visitAs(side.url("file/db"), "sa", "", MAKE);
    side.visitAs("jdbc:h2:" + side.scheme() + "/proc/none/db", "sa", "", MAKE);
  }

  private static void names(Side side) throws Exception {
    side.visitAs(side.url("with space & Umlaut ä"), "sa", "", MAKE, "SELECT DATABASE_PATH()");
    side.visitAs(side.url("UPPER"), "sa", "", MAKE);
    side.visitAs(side.url("upper"), "sa", "", MAKE);
    side.visitAs(side.url("./dots/../x"), "sa", "", MAKE);
    side.visitAs("jdbc:h2:" + side.scheme() + "relative", "sa", "", MAKE);
    side.visitAs("jdbc:h2:" + side.scheme(), "sa", "", MAKE);
    Path relative = Path.of("").toAbsolutePath().relativize(side.folder().resolve("rel"));
    side.visitAs("jdbc:h2:" + side.scheme() + "./" + relative, "sa", "", MAKE, FILL, COUNT);
    side.files();
  }

  private static void home(Side side) throws Exception {
    String before = System.getProperty("user.home");
    String name = side.folder().getFileName().toString().toLowerCase(Locale.ROOT);
    Path file = Path.of(before, "stream-it-" + name + ".mv.db");
    try {
      side.visitAs("jdbc:h2:" + side.scheme() + "~/stream-it-" + name, "sa", "", MAKE, FILL, COUNT);
      side.transcript().note("in the home folder " + Files.exists(file));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static void encrypted(Side side) throws Exception {
    String url = side.url("db;CIPHER=AES");
    side.visitAs(url, "sa", "file user", MAKE, FILL, "CREATE INDEX i ON t(a)");
    side.files();
    side.visitAs(url, "sa", "file user", COUNT, "SHUTDOWN COMPACT");
    side.visitAs(url, "sa", "wrong user", COUNT);
    side.visitAs(url, "sa", "file wrong", COUNT);
    side.visitAs(url, "sa", "file", COUNT);
    side.visitAs(side.url("db"), "sa", "user", COUNT);
    side.visitAs(side.url("db;CIPHER=NONE"), "sa", "file user", COUNT);
    side.visitAs(side.url("db;CIPHER=AES;WRITE_DELAY=0"), "sa", "file user", FILL, COUNT);
    side.transcript()
        .attempt(
            "decrypt",
            () -> {
              org.h2.tools.ChangeFileEncryption.execute(
                  side.name(""), "db", "AES", "file".toCharArray(), null, true);
              return null;
            });
    side.visitAs(side.url("db"), "sa", "user", COUNT);
  }

  private static void compressed(Side side) throws Exception {
    side.visit(
        ";COMPRESS=TRUE",
        "CREATE TABLE t(a INT, b VARCHAR) AS SELECT x, REPEAT('b', 900) FROM SYSTEM_RANGE(1, 3000)");
    side.transcript().note("small " + (Files.size(side.folder().resolve("db.mv.db")) < 1_000_000));
    side.visit("", "SELECT SUM(a), SUM(LENGTH(b)) FROM t", "SHUTDOWN DEFRAG");
    side.visit(";COMPRESS=TRUE", "SELECT SUM(a), SUM(LENGTH(b)) FROM t");
  }

  private static void settings(Side side) throws Exception {
    side.visit(";NO_SUCH_SETTING=1", MAKE);
    side.visit(";MODE=Nowhere", MAKE);
    side.visit(";INIT=CREATE SCHEMA IF NOT EXISTS s\\;SET SCHEMA s", MAKE, "SELECT SCHEMA()");
    side.visit(";INIT=RUNSCRIPT FROM 'missing.sql'", MAKE);
    side.visit(";TRACE_LEVEL_FILE=2", "SELECT * FROM nowhere", MAKE);
    side.visit(";PAGE_SIZE=512", MAKE, FILL);
    side.visit(";AUTO_SERVER=TRUE", MAKE, FILL);
    side.files();
  }

  private static void damaged(Side side, int how) throws Exception {
    Path file = side.folder().resolve("db.mv.db");
    side.visit(
        "", MAKE, FILL, "CREATE TABLE big AS SELECT x, REPEAT('x', 99) FROM SYSTEM_RANGE(1, 2000)");
    byte[] bytes = Files.readAllBytes(file);
    switch (how) {
      case 0 -> bytes = "this is no database".repeat(1000).getBytes(StandardCharsets.UTF_8);
      case 1 -> bytes = new byte[0];
      case 2 -> bytes = java.util.Arrays.copyOf(bytes, bytes.length / 2);
      case 3 -> java.util.Arrays.fill(bytes, 0, 8192, (byte) 'x');
      default -> java.util.Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 4096, (byte) 7);
    }
    Files.write(file, bytes);
    side.visit("", COUNT, "SELECT COUNT(*), SUM(x) FROM big", FILL);
    side.visit("", COUNT);
    side.files();
  }

  /** What a compaction that was killed leaves beside the file. */
  private static void unfinished(Side side) throws Exception {
    side.visit("", MAKE, FILL);
    Path file = side.folder().resolve("db.mv.db");
    Files.write(side.folder().resolve("db.mv.db.tempFile"), new byte[5000]);
    side.visit("", COUNT, "SHUTDOWN COMPACT");
    side.files();
    side.visit("", COUNT);
    Files.move(file, side.folder().resolve("db.mv.db.newFile"));
    side.visit("", COUNT);
    side.files();
  }

  private static void rights(Side side) throws Exception {
    side.visitAs(
        side.url("db"),
        "sa",
        "",
        MAKE,
        FILL,
        "CREATE USER u PASSWORD 'x'",
        "CREATE TABLE s(a INT)");
    side.visitAs(side.url("db"), "u", "x", COUNT, FILL, "CREATE SCHEMA z", "BACKUP TO 'x.zip'");
    side.visitAs(side.url("db"), "sa", "", "GRANT SELECT ON t TO u");
    side.visitAs(side.url("db"), "u", "x", COUNT, FILL, "SELECT * FROM s", "SHUTDOWN COMPACT");
  }

  private static void removed(Side side) throws Exception {
    try (Connection first = side.open(";WRITE_DELAY=0")) {
      Answers.note(side.transcript(), first, MAKE);
      Files.delete(side.folder().resolve("db.mv.db"));
      Answers.note(side.transcript(), first, FILL);
      Answers.note(side.transcript(), first, COUNT);
    }
    side.files();
    side.visit("", COUNT);
  }

  private static void linked(Side side) throws Exception {
    side.visit("", MAKE, FILL);
    Files.createSymbolicLink(
        side.folder().resolve("link.mv.db"), side.folder().resolve("db.mv.db"));
    side.visitAs(side.url("link"), "sa", "", COUNT, FILL, COUNT, "SELECT DATABASE_PATH()");
    side.visit("", COUNT);
  }
}
