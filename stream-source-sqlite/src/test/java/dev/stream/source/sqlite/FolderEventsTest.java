package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel reports of a folder, and what is made of its silence. */
@EnabledOnOs(OS.LINUX)
final class FolderEventsTest {

  @TempDir private Path folder;

  private final Semaphore told = new Semaphore(0);

  @Test
  void aLogThatAppearsIsToldAndNothingElse() throws Exception {
    Path database = Files.createFile(folder.resolve("app.db"));
    try (FolderEvents events = new FolderEvents("stream-watch-test", told::release)) {
      assertThat(events.isTelling()).isFalse();
      events.begin(database);
      assertThat(events.isTelling()).isTrue();
      Files.createFile(folder.resolve("other.db-wal"));
      Files.createFile(folder.resolve("app.db-wal"));
      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

      events.stop();
      assertThat(events.isTelling()).isFalse();
      Path second = Files.createDirectory(folder.resolve("second")).resolve("app.db");
      told.drainPermits();
      Files.delete(folder.resolve("app.db-wal"));
      events.begin(second);
      Files.createFile(second);
      assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).as("of the other folder").isTrue();
    }
  }

  @Test
  void aFolderOfWhichNothingIsToldIsNotTrusted() throws Exception {
    Path database = Files.createFile(folder.resolve("app.db"));
    try (FolderEvents events = new FolderEvents("stream-watch-test", told::release)) {
      events.begin(database);
      events.found(false);
      events.found(false);
      events.found(true);
      events.found(false);
      events.found(false);
      assertThat(events.isTelling()).as("that may be a matter of moments").isTrue();
      events.found(false);
      assertThat(events.isTelling()).isFalse();
      events.begin(database);
      assertThat(events.isTelling()).as("for good").isFalse();
    }
  }

  @Test
  void aFolderThatIsNotThereTellsNothing() throws Exception {
    try (FolderEvents events = new FolderEvents("stream-watch-test", told::release)) {
      events.begin(folder.resolve("none").resolve("app.db"));
      assertThat(events.isTelling()).isFalse();
    }
  }
}
