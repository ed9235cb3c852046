package dev.stream.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where {@code stream restore} goes, and where it works, if the configuration says so. */
class RestorePlacesTest extends TwoReplicas {

  private Path target;
  private Path temp;

  @BeforeEach
  void replicate() throws Exception {
    target = folder.resolve("drill/back.db");
    temp = folder.resolve("temp");
    Files.createDirectories(target.getParent());
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES('first')");
    try (StreamController stream = stream()) {
      stream.sync(Duration.ofSeconds(30));
    }
  }

  private void configure(String restore) throws Exception {
    String whole = Files.readString(config).stripTrailing();
    Files.writeString(
        config,
        whole.substring(0, whole.length() - 1)
            + ", \"restore\": {"
            + restore.replace('\'', '"').formatted(target, temp)
            + "}}");
  }

  @Test
  void withoutAPathInEitherPlaceItIsWrongUsage() throws Exception {
    for (String[] options : new String[][] {{}, {"--force"}, {"--follow"}}) {
      Invocation refused = run("restore", options);
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("--output PATH", "restore.targetPath");
    }
    Invocation folderAlone = Invocation.of("restore", "--from", folder.resolve("one").toString());
    assertThat(folderAlone.exit()).isEqualTo(2);
    assertThat(folderAlone.err()).contains("--output PATH").doesNotContain("restore.targetPath");
  }

  @Test
  void theConfiguredPathIsTakenUnlessAnotherIsSaid() throws Exception {
    configure("'targetPath': '%s'");
    JsonNode restored = json(0, "restore");
    assertThat(restored.path("path").asText()).isEqualTo(target.toString());
    assertThat(Files.size(target)).isEqualTo(restored.path("size").asLong());
    Invocation again = run("restore");
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains(target + " exists", "--force");
    assertThat(run("restore", "--force").exit()).isZero();
    Path other = folder.resolve("other.db");
    assertThat(run("restore", "-o", other.toString()).exit()).isZero();
    assertThat(Files.mismatch(other, target)).isEqualTo(-1);
  }

  @Test
  void theFileIsMadeInTheConfiguredFolder() throws Exception {
    configure("'targetPath': '%s', 'tempDir': '%s'");
    Invocation refused = run("restore");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("mkdir -p " + temp);
    assertThat(target).doesNotExist();
    Files.createDirectory(temp);
    Path dead = Files.createFile(temp.resolve(".back.db.restore-99999999999-0000beef"));
    assertThat(run("restore").exit()).isZero();
    assertThat(target).isRegularFile();
    assertThat(dead).as("a restore looked there").doesNotExist();
  }

  @Test
  void checkTellsWhetherRestoresCanWriteThereAndShowsTheKeys() throws Exception {
    configure("'enabled': true, 'targetPath': '%s', 'tempDir': '%s'");
    Invocation missing = run("check");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.out()).contains("FAILED  restore", "mkdir -p " + temp);
    Files.createDirectory(temp);
    JsonNode check = json(0, "check");
    assertThat(check.path("checks").toString())
        .contains(target + " can be written, made in " + temp)
        .contains("would restore it first");
    JsonNode shown = check.path("configuration").path("restore");
    assertThat(shown.path("targetPath").asText()).isEqualTo(target.toString());
    assertThat(shown.path("tempDir").asText()).isEqualTo(temp.toString());
    Files.delete(folder.resolve("app.db"));
    assertThat(run("check").out())
        .as("the database itself would not be restored")
        .doesNotContain("app.db is missing; 'stream replicate' would restore");
    assertThat(target).doesNotExist();
    assertThat(temp).isEmptyDirectory();
  }
}
