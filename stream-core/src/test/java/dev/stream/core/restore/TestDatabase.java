package dev.stream.core.restore;

import dev.stream.api.database.CheckImpossibleException;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows companions, and finds fault with restored files if a test wants. */
final class TestDatabase implements PagedDatabaseProvider<TestDatabase.Config> {

  record Config() {}

  final List<Boolean> checks = new ArrayList<>();
  @Nullable String fault;
  String impossible;
  Runnable duringCheck = () -> {};

  @Override
  public String type() {
    return "test";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public Path path(Config config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public PagedDatabase open(Config config) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Path> companions(Path file) {
    return List.of(
        file.resolveSibling(file.getFileName() + "-wal"),
        file.resolveSibling(file.getFileName() + "-shm"));
  }

  @Override
  public void check(Path file, boolean thorough) throws IOException {
    checks.add(thorough);
    duringCheck.run();
    if (impossible != null) {
      throw new CheckImpossibleException(impossible, new LinkageError());
    }
    if (fault != null) {
      throw new IOException(fault);
    }
  }
}
