package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteConfigTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:sqlite:/srv/a.db, /srv/a.db",
    "jdbc:sqlite:a.db?journal_mode=WAL, a.db",
    "jdbc:sqlite::memory:, /data/app.db",
    "jdbc:sqlite:file:/srv/a.db?mode=ro, /srv/a.db",
    "file:/srv/a.db, /srv/a.db",
    "sqlite:a.db, a.db"
  })
  void aUrlIsNoPath(String url, String file) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SqliteConfig(Path.of(url)))
        .withMessage("path " + url + " is a URL: name the file itself, such as " + file);
  }

  @Test
  void aFileMayHaveAColonInItsName() {
    assertThat(new SqliteConfig(Path.of("/srv/a:b.db")).path()).hasToString("/srv/a:b.db");
  }
}
