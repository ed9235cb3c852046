package dev.stream.source.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restored H2 database that a drill asks, and that is as it was afterwards. */
final class RestoredCopyTest {

  @TempDir private Path folder;

  private Path database(String user, String password) throws Exception {
    Path file = folder.resolve("app.mv.db");
    try (Connection connection =
            DriverManager.getConnection("jdbc:h2:" + folder.resolve("app"), user, password);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders(id INT)");
      statement.execute("INSERT INTO orders VALUES (1), (2)");
    }
    return file;
  }

  private List<Path> everything() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted().toList();
    }
  }

  private static String ask(Path file, H2Config config, String question) throws IOException {
    return String.valueOf(new H2DatabaseProvider().query(config, file, question));
  }

  @Test
  void itAnswersAndIsNotChanged() throws Exception {
    Path file = database("sa", "");
    byte[] bytes = Files.readAllBytes(file);
    List<Path> before = everything();
    H2Config config = new H2Config(file);
    assertThat(ask(file, config, "SELECT count(*) > 1 FROM orders")).isEqualTo("TRUE");
    assertThat(ask(file, config, "SELECT max(id) FROM orders")).isEqualTo("2");
    assertThat(ask(file, config, "SELECT id FROM orders WHERE id > 2")).isEqualTo("null");
    for (String refused : List.of("DELETE FROM orders", "DROP TABLE orders", "SELEC")) {
      assertThatThrownBy(() -> ask(file, config, refused))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("H2 cannot answer \"" + refused + "\" from " + file);
    }
    assertThat(file).hasBinaryContent(bytes);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void theUserOfTheConfigurationAsks() throws Exception {
    Path file = database("shop", "secret of the shop");
    assertThat(ask(file, new H2Config(file, "shop", "secret of the shop"), "SELECT 1"))
        .isEqualTo("1");
    assertThatThrownBy(() -> ask(file, new H2Config(file, "shop", "wrong guess"), "SELECT 1"))
        .hasMessageContaining("Set user and password of the database in the configuration")
        .hasMessageNotContaining("wrong guess");
    assertThatThrownBy(() -> ask(file, new H2Config(file), "SELECT 1"))
        .hasMessageContaining("Set user and password");
  }

  @Test
  void anMvStoreTakesNoQuestions() {
    Path file = folder.resolve("store");
    assertThatThrownBy(() -> ask(file, new H2Config(file), "SELECT 1"))
        .hasMessageContaining("is an MVStore, which takes no SQL");
  }
}
