package dev.stream.source.h2;

import com.google.auto.service.AutoService;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Databases of type {@code h2}: an H2 database or an MVStore that this JVM has open under {@code
 * stream:}; see {@link H2Stream}.
 */
@AutoService(PagedDatabaseProvider.class)
@SuppressWarnings({"rawtypes", "exports"}) // AutoService: the raw interface; gone at run time.
public final class H2DatabaseProvider implements PagedDatabaseProvider<H2Config> {

  /** For {@link java.util.ServiceLoader}. */
  public H2DatabaseProvider() {}

  @Override
  public String type() {
    return "h2";
  }

  @Override
  public Class<H2Config> configType() {
    return H2Config.class;
  }

  @Override
  public Path path(H2Config config) {
    return config.path();
  }

  @Override
  public boolean recognises(Path file) throws IOException {
    return StoreSoundness.isMarked(file);
  }

  @Override
  public String captureInProcess() {
    return "Before the application opens the database, have it call"
        + " H2Stream.register(Observer.of(config)) with this configuration, and open it as"
        + " jdbc:h2:stream:<path without .mv.db>, or an MVStore as stream:<path>.";
  }

  /**
   * Attaches to a store that is open.
   *
   * @throws IOException if this JVM has not opened it under {@code stream:}
   */
  @Override
  public PagedDatabase open(H2Config config) throws IOException {
    StoreFile file = StoreFiles.use(config.path());
    if (!file.isOpen()) {
      StoreFiles.release(file);
      throw new IOException(
          file.path()
              + (Files.exists(file.path()) ? " is not open" : " does not exist, or is not open")
              + " in this JVM under \"stream:\". H2 databases are captured in the commit path, so"
              + " in the application's own process: open it as jdbc:h2:stream:<path> (or as"
              + " stream:<path> with MVStore.Builder), and either enable Stream after that or"
              + " register an observer with H2Stream.register before.");
    }
    return new H2Database(file, new AtomicLong());
  }

  @Override
  public List<Path> companions(Path file) {
    String name = String.valueOf(file.getFileName());
    return List.of(
        file.resolveSibling(name + ".tempFile"), // what an unfinished compaction leaves, and
        file.resolveSibling(name + ".newFile")); // what H2 then takes for the store
  }

  @Override
  public @Nullable String query(H2Config config, Path file, String question) throws IOException {
    return new RestoredCopy(file, config).query(question);
  }

  @Override
  public void check(Path file, boolean thorough) throws IOException {
    String defect = Files.size(file) == 0 ? null : StoreSoundness.defect(file);
    if (defect == null && thorough) {
      defect = StoreSoundness.thoroughDefect(file);
    }
    if (defect != null) {
      throw new IOException(file + " is no sound H2 store: " + defect);
    }
  }
}
