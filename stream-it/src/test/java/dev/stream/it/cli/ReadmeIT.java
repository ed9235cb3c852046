package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README, followed to the letter: every command and program in it is run as it stands there,
 * but for the places of files and for the moment.
 */
final class ReadmeIT {

  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(.*?)</artifactId>");

  @TempDir private Path folder;
  private Document readme;
  private final List<StreamProcess> background = new ArrayList<>();

  @BeforeEach
  void unpack() throws Exception {
    readme = Document.of("README.md");
    Files.createSymbolicLink(
        folder.resolve("stream"), StreamProcess.distribution().resolve("bin/stream"));
    Files.createDirectories(folder.resolve("backups"));
    Files.createDirectories(folder.resolve("data"));
  }

  @AfterEach
  void end() throws Exception {
    for (StreamProcess process : background) {
      process.close();
    }
  }

  /** The blocks of a language that hold a text, in their order, with the places of this test. */
  private List<String> blocks(String language, String text) {
    return readme.blocks(language, text).stream()
        .map(
            block ->
                block
                    .replace("/backups", folder.resolve("backups").toString())
                    .replace("/data", folder.resolve("data").toString())
                    .replace("/mnt/nas", folder.resolve("nas").toString())
                    .replace("/tmp/drill.db", folder.resolve("drill.db").toString()))
        .toList();
  }

  private StreamProcess start(String command) throws Exception {
    Path script = Files.createTempFile(folder, "command-", ".sh");
    Files.writeString(script, "cd -- '" + folder + "' || exit 9\n" + command + "\n");
    return StreamProcess.start(List.of("bash"), Map.of(), script);
  }

  private String run(String command) throws Exception {
    try (StreamProcess process = start(command)) {
      Result result = process.await();
      assertThat(result.exit()).as(command + "\n" + result.out() + result.err()).isZero();
      return result.out();
    }
  }

  /** Runs what goes on until it is stopped beside the commands that follow. */
  private void runAlongside(String command) throws Exception {
    StreamProcess process = start("exec " + command);
    background.add(process);
    process.awaitReady();
  }

  private void stopAll() throws Exception {
    for (StreamProcess process : background) {
      Result result = process.terminate();
      assertThat(result.exit()).as(result.err()).isZero();
    }
  }

  private static List<String> lines(String block) {
    return block.replace("&&\n", "&& ").lines().filter(line -> !line.isBlank()).toList();
  }

  private void insert(Path database, String text) throws Exception {
    Shell.expect(
        "sqlite3",
        database.toString(),
        "PRAGMA busy_timeout=10000; CREATE TABLE IF NOT EXISTS notes(text);"
            + " INSERT INTO notes VALUES('"
            + text
            + "');");
  }

  private static String notes(Path database) throws Exception {
    return Shell.expect("sqlite3", database.toString(), "SELECT text FROM notes").strip();
  }

  @Test
  void aDatabaseGoesToAFolderWithoutAConfiguration() throws Exception {
    Path database = folder.resolve("app.db");
    insert(database, "one");
    List<String> commands = lines(blocks("sh", "replicate app.db").get(0));
    assertThat(commands).hasSize(3);
    runAlongside(commands.get(0));
    insert(database, "two");
    stopAll();
    run(commands.get(1));
    run(commands.get(2));
    assertThat(notes(folder.resolve("restored.db"))).isEqualTo("one\ntwo");
    assertThat(folder.resolve("app.db.stream")).isDirectory();
  }

  @Test
  void everyCommandWithAConfigurationWorksAsItStands() throws Exception {
    Path database = folder.resolve("data/app.db");
    insert(database, "one");
    Files.createDirectories(folder.resolve("nas"));
    String all = blocks("json", "\"replicas\"").get(0);
    int others = all.indexOf(",\n    {\"type\": \"s3\"");
    Files.writeString(folder.resolve("stream.json"), all.substring(0, others) + "\n  ]\n}\n");
    int run = 0;
    for (String command : lines(blocks("sh", "./stream check").get(0))) {
      if (command.contains("stream replicate") || command.contains("--follow")) {
        runAlongside(command);
      } else {
        run(command);
      }
      run++;
    }
    assertThat(run).isGreaterThanOrEqualTo(11);
    assertThat(notes(folder.resolve("restored.db"))).isEqualTo("one");
    insert(database, "mistake");
    stopAll();
    for (String command : lines(blocks("sh", "/drill.db").get(0))) {
      run(command);
    }
    assertThat(notes(folder.resolve("drill.db"))).isEqualTo("one\nmistake");
    for (String command : lines(blocks("sh", "--timestamp").get(0))) {
      run(
          command
              .replace("-30m", "-0s")
              .replaceAll("--timestamp \\S+", "--timestamp " + Instant.now()));
    }
    assertThat(notes(folder.resolve("before.db"))).isEqualTo("one\nmistake");
  }

  private String java(String program) throws Exception {
    Path source = Files.writeString(folder.resolve("App.java"), program);
    String libraries = StreamProcess.distribution().resolve("lib") + "/*";
    return run(
        "'%s/bin/java' -cp '%s' '%s'"
            .formatted(System.getProperty("java.home"), libraries, source));
  }

  @Test
  void theProgramCompilesAndReplicates() throws Exception {
    assertThat(java(blocks("java", "public class App").get(0))).contains("data loss window: PT0S");
    run("./stream restore --from backups --output restored.db");
    assertThat(notes(folder.resolve("restored.db"))).isEqualTo("hello");
    for (String file : List.of("app.db", "app.db-wal", "app.db-shm")) {
      Files.deleteIfExists(folder.resolve(file));
    }
    assertThat(java(blocks("java", "public class App").get(0))).contains("data loss window: PT0S");
    assertThat(notes(folder.resolve("app.db"))).isEqualTo("hello\nhello");
    List<String> wanted = new ArrayList<>();
    ARTIFACT
        .matcher(blocks("xml", "<dependency>").get(0))
        .results()
        .forEach(r -> wanted.add(r.group(1)));
    assertThat(wanted).isNotEmpty().isSubsetOf(Shipped.bom().keySet());
  }

  @Test
  void theProgramWithH2CompilesAndReplicates() throws Exception {
    String body = blocks("java", "H2Stream.register").get(0);
    java(
        """
        import dev.stream.core.Observer;
        import dev.stream.core.config.StreamConfig;
        import dev.stream.source.h2.*;
        import java.nio.file.Path;
        import java.sql.*;
        import java.util.Map;
        public class App {
          public static void main(String[] args) throws Exception {
        %s
          }
        }
        """
            .formatted(body));
    run("./stream verify --from backups/app");
    run("./stream restore --from backups/app --output restored.mv.db");
    assertThat(Files.mismatch(folder.resolve("restored.mv.db"), folder.resolve("data/app.mv.db")))
        .isEqualTo(-1);
  }
}
