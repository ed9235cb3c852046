package dev.stream.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file that a driver would open is the one that is replicated. */
final class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:sqlite:app.db, sqlite, app.db",
    "jdbc:sqlite:/data/a b.db?busy_timeout=5000, sqlite, /data/a b.db",
    "jdbc:sqlite:file:/data/a%20+.db?cache=private, sqlite, /data/a +.db",
    "jdbc:sqlite:file:///data/app.db, sqlite, /data/app.db",
    "jdbc:h2:stream:./data/app;WRITE_DELAY=0, h2, ./data/app.mv.db",
    "jdbc:h2:stream:/data/app, h2, /data/app.mv.db",
  })
  void namesItsFile(String url, String type, Path path) {
    assertThat(DatabaseUrl.parse(url)).isEqualTo(new DatabaseUrl(type, path));
  }

  @Test
  void isInTheUsersHomeWhereH2HasIt() {
    assertThat(DatabaseUrl.parse("jdbc:h2:stream:~/app").path())
        .isEqualTo(Path.of(System.getProperty("user.home"), "app.mv.db"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:file::memory:?cache=shared",
        "jdbc:sqlite:file:x?mode=memory",
        "jdbc:h2:mem:x",
        "jdbc:h2:tcp://host/app",
        "jdbc:postgresql://host/app?password=secret",
      })
  void isRefusedIfThereIsNoFileToReplicate(String url) {
    assertThatThrownBy(() -> DatabaseUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .containsAnyOf("not in a file", "neither of SQLite")
        .doesNotContain("secret");
  }

  @Test
  void needsTheSchemeWithH2() {
    assertThatThrownBy(() -> DatabaseUrl.parse("jdbc:h2:./data/app"))
        .hasMessageContaining("lacks \"stream:\"");
  }
}
