package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stream.it.cli.StreamProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every wrong input is a plain error with its exit code, and nothing is lost. */
class BadInputIT {

  @TempDir Path folder;

  private Result replicate(Path database) throws Exception {
    return StreamProcess.run(
        "replicate", database.toString(), folder.resolve("replica").toString());
  }

  private static void isPlain(Result result, int exit, String... parts) {
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.err()).contains(parts).doesNotContain("\tat ").doesNotContain("ready");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aFileThatIsNoDatabase() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "not a database ".repeat(1000));
    byte[] before = Files.readAllBytes(file);
    isPlain(replicate(file), 1, "notes.txt is not a SQLite database");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThat(folder.resolve("replica")).doesNotExist();
  }

  @Test
  void anEncryptedDatabase() throws Exception {
    byte[] random = new byte[64 << 10];
    new Random(7).nextBytes(random);
    Path file = Files.write(folder.resolve("secret.db"), random);
    isPlain(replicate(file), 1, "or it is encrypted", "nothing was changed");
    assertThat(Files.readAllBytes(file)).isEqualTo(random);
  }

  @Test
  void aMissingDatabase() throws Exception {
    isPlain(replicate(folder.resolve("no.db")), 1, "there is no database at", "restore");
    assertThat(folder.resolve("no.db")).doesNotExist();
  }

  @Test
  void anUnreadableFolder() throws Exception {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    try (Shop shop = new Shop(locked)) {
      shop.order();
    }
    byte[] before = Files.readAllBytes(locked.resolve("shop.db"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    Path shadow = openToAll("shadow");
    try (StreamProcess stream =
        unprivileged(
            "replicate",
            locked.resolve("shop.db").toString(),
            folder.resolve("replica").toString(),
            "--shadow",
            shadow.toString())) {
      Result result = stream.await();
      isPlain(result, 1, locked.toString());
      assertThat(Files.readAllBytes(locked.resolve("shop.db"))).isEqualTo(before);
    }
  }

  @Test
  void aReplicaThatCannotBeWrittenLosesNothing() throws Exception {
    Path open = openToAll("data");
    try (Shop shop = new Shop(open)) {
      shop.order();
      Files.createDirectory(shop.replica);
      Files.setPosixFilePermissions(shop.replica, PosixFilePermissions.fromString("r-xr-xr-x"));
      openToAll(shop.database, "rw-rw-rw-");
      openToAll(open.resolve("shop.db-wal"), "rw-rw-rw-");
      openToAll(open.resolve("shop.db-shm"), "rw-rw-rw-");
      String config = shop.config().toString();
      try (StreamProcess check = unprivileged("check", "--config", config)) {
        Result result = check.await();
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.out()).contains("ok      database").contains("FAILED  replica file");
      }
      try (StreamProcess stream = unprivileged("replicate", "--config", config)) {
        stream.awaitReady();
        shop.order();
        stream.awaitLine("replica file cannot take");
        Result ended = stream.terminate();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err()).contains("replica file lacks").contains("Nothing is lost");
      }
      Files.setPosixFilePermissions(shop.replica, PosixFilePermissions.fromString("rwxrwxrwx"));
      try (StreamProcess stream = unprivileged("replicate", "--config", config)) {
        stream.awaitReady();
        assertThat(stream.terminate().exit()).isZero();
      }
      Path restored = folder.resolve("restored.db");
      assertThat(StreamProcess.run("restore", "--config", config, "-o", restored.toString()).exit())
          .isZero();
      assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
    }
  }

  @Test
  void unknownKeysTypesAndCodecs() throws Exception {
    try (Shop shop = new Shop(folder)) {
      Path config = shop.config("\"snapshotIntervall\": \"5m\",");
      isPlain(run("replicate", config), 2, "snapshotIntervall", "snapshotInterval");
      config = shop.config("\"compression\": {\"codec\": \"zst\"},");
      isPlain(run("check", config), 2, "zst", "did you mean \"zstd\"");
      config =
          shop.write(
              """
              {"database": {"type": "sqlit", "path": "x.db"}, "shadowDir": "s",
               "replicas": [{"type": "fil", "path": "y"}]}
              """);
      isPlain(run("status", config), 2, "\"sqlite\"", "\"file\"");
      Result json = StreamProcess.run("list", "--config", config.toString(), "--json");
      assertThat(json.exit()).isEqualTo(2);
      assertThat(json.out()).contains("\"exitCode\" : 2").contains("\"problems\"");
      assertThat(shop.shadow).doesNotExist();
    }
  }

  private static Result run(String command, Path config) throws Exception {
    return StreamProcess.run(command, "--config", config.toString());
  }

  @Test
  void wrongUsage() throws Exception {
    isPlain(StreamProcess.run("replicat"), 2, "did you mean replicate");
    isPlain(StreamProcess.run("restore", "--output", "x.db"), 2, "--from=DIR", "--help");
    isPlain(StreamProcess.run("replicate"), 2, "what to replicate?");
    isPlain(StreamProcess.run("list", "--from", "/no/such/folder"), 2, "there is no folder");
    isPlain(
        StreamProcess.run("status", "--config", folder.resolve("no.json").toString()),
        2,
        "no.json");
  }

  /** A folder that anybody may use, reachable from the root. */
  private Path openToAll(String name) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    openToAll(made, "rwxrwxrwx");
    for (Path parent = folder; parent.startsWith(Path.of(System.getProperty("java.io.tmpdir"))); ) {
      if (parent.equals(Path.of(System.getProperty("java.io.tmpdir")))) {
        break;
      }
      openToAll(parent, "rwxr-xr-x");
      parent = parent.getParent();
    }
    return made;
  }

  private static void openToAll(Path file, String rights) throws IOException {
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }
  }

  /** As root nothing is unreadable: then somebody else runs it. */
  private static StreamProcess unprivileged(String... args) throws Exception {
    if (!System.getProperty("user.name").equals("root")) {
      return StreamProcess.start(args);
    }
    boolean possible;
    try (StreamProcess version = StreamProcess.startAsNobody("--version")) {
      possible = version.await().exit() == 0;
    } catch (IOException e) {
      possible = false;
    }
    if (!possible) {
      System.out.println(
          "skipped: root may do everything, and user 65534 cannot run "
              + StreamProcess.distribution());
    }
    assumeThat(possible).isTrue();
    return StreamProcess.startAsNobody(args);
  }
}
