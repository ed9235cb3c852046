package dev.stream.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.retry.Sleeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two Streams on one database. */
final class DatabaseLockTest {

  @TempDir Path folder;

  private DatabaseLock acquire(Path database, String shadow, Sleeper sleeper) throws IOException {
    return Objects.requireNonNull(
        DatabaseLock.acquire(database, folder.resolve(shadow), Duration.ofSeconds(1), sleeper));
  }

  @Test
  void theSecondIsToldWhoHasIt() throws Exception {
    Path database = Files.writeString(folder.resolve("app.db"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), database);
    try (DatabaseLock first = acquire(database, "a", Sleeper.SYSTEM)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> acquire(link, "b", Sleeper.SYSTEM))
          .hasMessageContaining("app.db")
          .hasMessageContaining("pid " + ProcessHandle.current().pid())
          .hasMessageContaining(folder.resolve("a").toString());
    }
    assertThat(folder.resolve("app.db.stream-lock")).doesNotExist();
    acquire(link, "b", Sleeper.SYSTEM).close();
  }

  @Test
  void itIsWaitedForWhoeverIsAboutToEnd() throws Exception {
    Path database = Files.writeString(folder.resolve("app.db"), "x");
    DatabaseLock first = acquire(database, "a", Sleeper.SYSTEM);
    Sleeper ends =
        pause -> {
          try {
            first.close();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    acquire(database, "b", ends).close();
  }

  @Test
  void withoutADatabaseThereIsNothingToLock() throws Exception {
    assertThat(
            DatabaseLock.acquire(folder.resolve("none.db"), folder, Duration.ZERO, Sleeper.SYSTEM))
        .isNull();
    assertThat(folder.resolve("none.db.stream-lock")).doesNotExist();
  }
}
