package dev.stream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Await;
import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.server.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image of the Dockerfile, run as a cluster would run it: locked up, and as nobody. */
final class ImageIT {

  private static final String IMAGE = "stream-test/stream-" + UUID.randomUUID();

  private static String base = "";

  @TempDir Path folder;

  /** What the containers of Stream do not see. */
  @TempDir Path elsewhere;

  @BeforeAll
  static void build() throws Exception {
    Optional<String> java = Servers.image("jre");
    if (java.isPresent()) {
      base = java.get();
      Shell.expect(
          "docker",
          "build",
          "--network=none",
          "--build-arg=BASE=" + base,
          "--build-arg=VERSION=" + Shipped.version("stream-cli"),
          "--tag=" + IMAGE,
          Shipped.PROJECT.toString());
    }
  }

  @AfterAll
  static void remove() throws Exception {
    if (!base.isEmpty()) {
      Shell.expect("docker", "rmi", "--force", IMAGE);
    }
  }

  @BeforeEach
  void openToTheUserOfTheImage() throws Exception {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static void needsDocker() {
    Assumptions.assumeFalse(
        base.isEmpty(), "no Docker runs here, or STREAM_TEST_SERVERS=processes leaves it alone");
  }

  /** {@code docker run} with everything forbidden that can be. */
  private String[] run(List<String> more, String... command) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "docker",
                "run",
                "--network=none",
                "--read-only",
                "--tmpfs=/tmp:noexec,nosuid,nodev",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--pids-limit=256",
                "--volume=" + folder + ":/data"));
    words.addAll(more);
    words.add(IMAGE);
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
        Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA busy_timeout=10000");
      sql.execute("PRAGMA journal_mode=WAL");
      sql.execute(statement);
    }
  }

  /** Files of the database are made by this test, and used by the image's user. */
  private void openDatabaseToTheUserOfTheImage() throws IOException {
    for (String file : List.of("app.db", "app.db-wal", "app.db-shm")) {
      Path path = folder.resolve(file);
      if (Files.exists(path)) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
      }
    }
  }

  private static boolean says(String container, String text) throws IOException {
    return Shell.expect("docker", "logs", container).contains(text);
  }

  /** Ends a container of Stream in good order. */
  private static void stop(String container) throws IOException {
    Shell.expect("docker", "stop", "--time=60", container);
    assertThat(Shell.expect("docker", "inspect", "--format={{.State.ExitCode}}", container).strip())
        .as(Shell.expect("docker", "logs", container))
        .isEqualTo("0");
  }

  /** What containers have made belongs to their users, and this test may not be root. */
  @AfterEach
  void removeWhatIsNotOurs() throws IOException {
    if (!base.isEmpty()) {
      Shell.expect(
          "docker",
          "run",
          "--rm",
          "--network=none",
          "--user=0",
          "--entrypoint=/bin/sh",
          "--volume=" + folder + ":/data",
          "--volume=" + elsewhere + ":/elsewhere",
          IMAGE,
          "-c",
          "rm -rf /data/* /elsewhere/*");
    }
  }

  /** A first boot without anything, a life, and a boot with the volume lost. */
  @Test
  void restoresAndReplicatesWithAReadOnlyRootAsNobody() throws Exception {
    needsDocker();
    String[] restore = {
      "restore",
      "--from",
      "/data/replica",
      "--output",
      "/data/app.db",
      "--if-missing",
      "--if-backup"
    };
    Files.createDirectory(folder.resolve("replica"));
    Files.setPosixFilePermissions(
        folder.resolve("replica"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(Shell.expect(run(List.of("--rm"), restore))).contains("no replica has anything");

    sql("CREATE TABLE t(a)");
    openDatabaseToTheUserOfTheImage();
    String container =
        Shell.expect(run(List.of("--detach"), "replicate", "app.db", "/data/replica")).strip();
    try {
      Await.until("it is ready", () -> says(container, "ready"));
      assertThat(Shell.expect("docker", "exec", container, "id", "-u").strip()).isEqualTo("10001");
      String log = Shell.expect("docker", "logs", container);
      assertThat(log).doesNotContain("preparing this Java", "WARN");
      stop(container);
    } finally {
      Shell.expect("docker", "rm", "--force", container);
    }

    for (String file : List.of("app.db", "app.db-wal", "app.db-shm")) {
      Files.deleteIfExists(folder.resolve(file));
    }
    assertThat(Shell.expect(run(List.of("--rm"), restore))).contains("restored");
    assertThat(folder.resolve("app.db")).exists();
  }

  /** The services of the example, in its order, with the volume of the database lost on the way. */
  @Test
  void theComposeExampleSurvivesTheLossOfItsVolume() throws Exception {
    needsDocker();
    ComposeFile compose = new ComposeFile(folder);
    Path store = Files.createDirectory(elsewhere.resolve("store"));
    Files.createDirectory(store.resolve("backups"));
    String network = Shell.expect("docker", "network", "create", IMAGE.replace('/', '-')).strip();
    String minio = "";
    String stream = "";
    try {
      minio = startStore(compose, network, store);
      String[] restore = service(compose, "restore", network, "--rm");
      assertThat(Shell.expect(restore)).contains("no replica has anything");

      sql("CREATE TABLE visits(at)");
      sql("INSERT INTO visits VALUES('first')");
      openDatabaseToTheUserOfTheImage();
      stream = Shell.expect(service(compose, "stream", network, "--detach")).strip();
      String running = stream;
      Await.until("it is ready", () -> says(running, "ready"));
      sql("INSERT INTO visits VALUES('second')");
      assertThat(
              Shell.expect(
                  "docker",
                  "exec",
                  stream,
                  "stream",
                  "sync",
                  "--config",
                  "/etc/stream/stream.json",
                  "--wait"))
          .contains("replica s3 has everything");
      stop(stream);

      Shell.expect(run(List.of("--rm", "--entrypoint=/bin/sh"), "-c", "rm -rf /data/app.db*"));
      assertThat(folder.resolve("app.db")).doesNotExist();
      assertThat(Shell.expect(restore)).contains("restored");
      openDatabaseToTheUserOfTheImage();
      assertThat(count("visits")).isEqualTo(2);
    } finally {
      for (String container : List.of(stream, minio)) {
        if (!container.isEmpty()) {
          Shell.expect("docker", "rm", "--force", "--volumes", container);
        }
      }
      Shell.expect("docker", "network", "rm", network);
    }
  }

  /** The image need not have the shell that the example has the bucket made by. */
  private static String startStore(ComposeFile compose, String network, Path store)
      throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of("docker", "run", "--detach", "--network=" + network, "--network-alias=minio"));
    words.addAll(compose.environment("minio"));
    words.addAll(List.of("--volume=" + store + ":/data", "--entrypoint=minio"));
    words.add(Servers.image("minio").orElseThrow());
    words.addAll(compose.command("minio"));
    String container = Shell.expect(words.toArray(String[]::new)).strip();
    Await.until("MinIO serves", () -> says(container, "API:"));
    return container;
  }

  private static String[] service(ComposeFile compose, String name, String network, String option) {
    List<String> words = new ArrayList<>(List.of("docker", "run", option, "--network=" + network));
    words.addAll(compose.options(name));
    words.add(IMAGE);
    words.addAll(compose.command(name));
    return words.toArray(String[]::new);
  }

  private long count(String table) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("app.db"));
        Statement sql = connection.createStatement();
        ResultSet rows = sql.executeQuery("SELECT count(*) FROM " + table)) {
      return rows.getLong(1);
    }
  }

  @Test
  void theArchiveOfClassesIsInTheImage() throws Exception {
    needsDocker();
    assertThat(
            Shell.expect(
                run(
                    List.of("--rm", "--entrypoint=/bin/sh"),
                    "-c",
                    "ls /opt/stream/archive; test ! -w /opt/stream")))
        .contains(".jsa");
  }

  /** Where no image can be built, at least that the recipe names what there is. */
  @Test
  void theRecipeNamesTheDistributionOfThisVersion() throws Exception {
    String recipe = Files.readString(Shipped.PROJECT.resolve("Dockerfile"));
    String version = Shipped.version("stream-cli");
    assertThat(recipe).contains("ARG VERSION=" + version + "\n");
    assertThat(Shipped.PROJECT.resolve("stream-cli/target/stream-" + version)).isDirectory();
    assertThat(Files.readString(Shipped.PROJECT.resolve(".dockerignore")))
        .contains("!stream-cli/target/stream-*\n");
  }
}
