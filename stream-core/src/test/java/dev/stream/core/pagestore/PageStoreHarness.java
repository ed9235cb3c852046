package dev.stream.core.pagestore;

import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.DatabaseHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Writes a store at random, through the one that is captured as long as there is one. */
final class PageStoreHarness implements DatabaseHarness {

  private final Path file;
  private volatile @Nullable PageStore captured;

  PageStoreHarness(Path file) throws Exception {
    this.file = file;
    commit(new Random(1));
  }

  @Override
  public PagedDatabase open() throws IOException {
    PageStore store = new PageStore(file);
    captured = store;
    return store;
  }

  @Override
  public void commit(Random random) throws IOException {
    PageStore store = captured;
    if (store != null && store.file.getFD().valid()) {
      commit(store, random);
      return;
    }
    try (PageStore own = new PageStore(file)) {
      commit(own, random);
    }
  }

  /** Some values of up to three pages; the store grows and shrinks. */
  static void commit(PageStore store, Random random) throws IOException {
    long pages = 4 + random.nextLong(40);
    Map<Long, byte[]> values = new HashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      byte[] value = new byte[1 + random.nextInt(3 * PageStore.PAGE)];
      random.nextBytes(value);
      values.put(2 + random.nextLong(pages - 3), value);
    }
    store.commit(values, pages);
  }

  @Override
  public byte[] image() throws IOException {
    return Files.readAllBytes(file);
  }

  @Override
  public boolean crash(PagedDatabase database) throws IOException {
    PageStore store = (PageStore) database;
    synchronized (store) {
      store.observer = null;
      store.file.close();
    }
    return true;
  }

  @Override
  public boolean breakContinuity() throws IOException {
    Files.write(file, new byte[7 * PageStore.PAGE]);
    return true;
  }

  @Override
  public void close() {}
}
