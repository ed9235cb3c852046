package dev.stream.source.bolt;

import com.google.auto.service.AutoService;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Databases of type {@code bolt}: a bolt file that one program on this machine writes. It is only
 * read; nothing has to be changed in the program.
 */
@AutoService(PagedDatabaseProvider.class)
@SuppressWarnings({"rawtypes", "exports"}) // AutoService: the raw interface; gone at run time.
public final class BoltDatabaseProvider implements PagedDatabaseProvider<BoltConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public BoltDatabaseProvider() {}

  @Override
  public String type() {
    return "bolt";
  }

  @Override
  public Class<BoltConfig> configType() {
    return BoltConfig.class;
  }

  @Override
  public Path path(BoltConfig config) {
    return config.path();
  }

  @Override
  public boolean recognises(Path file) throws IOException {
    try (BoltFile open = BoltFile.open(file)) {
      return open.isMarked();
    }
  }

  @Override
  public PagedDatabase open(BoltConfig config) throws IOException {
    Path path = config.path().toAbsolutePath();
    try (BoltFile file = BoltFile.open(path)) {
      NetworkFileSystem.refuse(path);
      BoltMeta newest = file.newest();
      if (!Files.isDirectory(config.temporary())) {
        throw new IOException(
            "\"tempDir\" of the bolt database is no folder: " + config.temporary());
      }
      Attempts attempts = new Attempts(path, config.temporary(), FileClone.in(config.temporary()));
      String engine = "bolt format 2, pages of " + newest.pageSize() + " bytes";
      return new BoltDatabase(new DatabaseInfo(type(), path.toRealPath(), engine), attempts);
    }
  }

  @Override
  public List<Path> companions(Path file) {
    return List.of();
  }

  @Override
  public void check(Path file, boolean thorough) throws IOException {
    try (BoltFile open = BoltFile.open(file)) {
      new Check(open).run();
    }
  }
}
