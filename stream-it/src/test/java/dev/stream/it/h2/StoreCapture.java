package dev.stream.it.h2;

import dev.stream.api.database.OpenObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Captures a store whenever it is open, and replays what is delivered. Thread-safe. */
final class StoreCapture implements OpenObserver {

  private final Path file;
  private final ReplayedDatabase replay = ReplayedDatabase.inMemory();
  private final List<String> defects = new CopyOnWriteArrayList<>();
  private volatile @Nullable PagedDatabase database;

  StoreCapture(Path file) {
    this.file = file;
  }

  ReplayedDatabase replay() {
    return replay;
  }

  /** What is captured now. */
  PagedDatabase database() {
    return Objects.requireNonNull(database, "not open");
  }

  @Override
  public Path path() {
    return file;
  }

  @Override
  public void opening(PagedDatabaseProvider<?> provider, @Nullable String defect) {
    if (defect != null) {
      defects.add(defect);
    }
  }

  /** What was wrong with the file each time it was opened, if anything was. */
  List<String> defects() {
    return defects;
  }

  @Override
  public AutoCloseable opened(PagedDatabase opened) throws IOException {
    opened.start(replay.resumePosition(), replay);
    database = opened;
    return () -> {
      database = null;
      opened.close();
    };
  }

  /** How the replay differs from the file as it is; null if it does not. */
  @Nullable String difference(byte[] expected) throws IOException {
    if (database == null) {
      return "nothing captures it";
    }
    byte[] found = replay.bytes();
    int at = Arrays.mismatch(found, expected);
    return at < 0
        ? null
        : "%d bytes replayed, %d written, they differ at %d"
            .formatted(found.length, expected.length, at);
  }
}
