package dev.stream.source.h2;

import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.DatabaseHarness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/** An MVStore that is open under {@code stream:}, and whose every commit is one random change. */
final class StoreHarness implements DatabaseHarness {

  private final Path file;
  private MVStore store;

  StoreHarness(Path folder) {
    this.file = folder.resolve("store.mv");
    H2Stream.install();
    store = openStore("stream:");
    map(0).put(1, new byte[10_000]);
    store.commit();
  }

  private MVStore openStore(String scheme) {
    MVStore opened = new MVStore.Builder().fileName(scheme + file).autoCommitDisabled().open();
    opened.setRetentionTime(0);
    return opened;
  }

  private MVMap<Integer, byte[]> map(int number) {
    return store.openMap("map" + number);
  }

  @Override
  public PagedDatabase open() throws IOException {
    return new H2DatabaseProvider().open(new H2Config(file));
  }

  @Override
  public synchronized void commit(Random random) {
    MVMap<Integer, byte[]> map = map(random.nextInt(3));
    switch (random.nextInt(12)) {
      case 0 -> map.clear();
      case 1 -> {
        for (int i = 0; i < 100; i++) {
          map.put(random.nextInt(2_000), bytes(random, 2_000));
        }
      }
      case 2 -> store.compactFile(20);
      default -> map.put(random.nextInt(200), bytes(random, 6_000));
    }
    store.commit();
  }

  private static byte[] bytes(Random random, int bound) {
    byte[] bytes = new byte[random.nextInt(bound)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public synchronized byte[] image() throws IOException {
    return Files.readAllBytes(file);
  }

  @Override
  public boolean crash(@Nullable PagedDatabase database) {
    ((H2Database) database).stop();
    return true;
  }

  @Override
  public synchronized boolean breakContinuity() {
    store.close();
    store = openStore("");
    map(0).put(1, new byte[] {1});
    store.commit();
    store.close();
    store = openStore("stream:");
    return true;
  }

  @Override
  public void close() {
    store.closeImmediately();
  }
}
