package dev.stream.it.h2;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.jspecify.annotations.Nullable;

/**
 * Changes an MVStore by seed, and keeps in Java what its maps must hold. A state is a digest of all
 * maps after one operation: MVStore knows no transactions, and whatever it writes in the course of
 * a commit or a compaction is what the maps held at that moment. For one thread.
 */
final class StoreWriter {

  private final Random random;
  private final StateLog<Long> log = new StateLog<>(0L);
  private final Map<String, Map<Integer, String>> maps = new HashMap<>();
  private final Map<String, Map<Integer, String>> committed = new HashMap<>();
  private long committedVersion = -1;
  private @Nullable MVStore open;

  StoreWriter(Random random) {
    this.random = random;
  }

  StateLog<Long> log() {
    return log;
  }

  /** Goes on with a store that was opened anew; nothing was lost. */
  void use(MVStore next) {
    open = next;
    // MVStore moves only what it knows how to read: maps that are open.
    next.getMapNames().forEach(next::openMap);
    committedVersion = -1;
  }

  void step() {
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5 -> commit();
      case 6 -> clear();
      case 7 -> removeMap();
      case 8 -> store().compact(50 + random.nextInt(50), 1 << (10 + random.nextInt(8)));
      case 9 -> compactMoveChunks();
      case 10 -> {
        if (random.nextInt(4) == 0) {
          store().compactFile(20);
        }
      }
      case 11 -> rollback();
      case 12 -> store().sync();
      case 13, 14 -> remove();
      default -> put();
    }
  }

  /** MVStore itself has this compaction in its housekeeping and when it closes. */
  private void compactMoveChunks() {
    ((RandomAccessStore) store().getFileStore())
        .compactMoveChunks(40 + random.nextInt(61), 1 << (12 + random.nextInt(10)), store());
  }

  void commit() {
    store().commit();
    log.acknowledge();
    committedVersion = store().getCurrentVersion();
    committed.clear();
    maps.forEach((name, entries) -> committed.put(name, new HashMap<>(entries)));
  }

  private void put() {
    String name = name();
    Map<Integer, String> entries = maps.computeIfAbsent(name, absent -> new HashMap<>());
    MVMap<Integer, String> map = store().openMap(name);
    int count = 1 + random.nextInt(30);
    int size = random.nextInt(10) == 0 ? 3000 : 30;
    for (int i = 0; i < count; i++) {
      int key = random.nextInt(300);
      String value = Long.toString(random.nextLong(), 36).repeat(1 + random.nextInt(size) / 10);
      entries.put(key, value);
      log.begin(digest(maps));
      map.put(key, value);
    }
  }

  private void remove() {
    String name = name();
    MVMap<Integer, String> map = store().openMap(name);
    Map<Integer, String> entries = maps.getOrDefault(name, Map.of());
    for (Integer key : entries.keySet().stream().filter(key -> random.nextInt(3) == 0).toList()) {
      entries.remove(key);
      log.begin(digest(maps));
      map.remove(key);
    }
  }

  private void clear() {
    String name = name();
    maps.remove(name);
    log.begin(digest(maps));
    store().openMap(name).clear();
  }

  private void removeMap() {
    String name = name();
    if (store().hasMap(name)) {
      maps.remove(name);
      log.begin(digest(maps));
      store().removeMap(name);
    }
  }

  /** What was done since the last commit is undone, unless a compaction has written it. */
  private void rollback() {
    if (store().getCurrentVersion() != committedVersion) {
      return;
    }
    maps.clear();
    committed.forEach((name, entries) -> maps.put(name, new HashMap<>(entries)));
    log.begin(digest(maps));
    store().rollback();
    commit();
  }

  private MVStore store() {
    return Objects.requireNonNull(open, "no store");
  }

  private String name() {
    return "map" + random.nextInt(4);
  }

  static long digest(Map<String, ? extends Map<Integer, String>> maps) {
    long digest = 0;
    for (Map.Entry<String, ? extends Map<Integer, String>> map : maps.entrySet()) {
      for (Map.Entry<Integer, String> entry : map.getValue().entrySet()) {
        Row row = new Row(map.getKey().hashCode(), entry.getValue(), null);
        digest += row.digest(entry.getKey());
      }
    }
    return digest;
  }

  /** The digest of what an open store holds. */
  static long digest(MVStore store) {
    Map<String, MVMap<Integer, String>> found = new HashMap<>();
    for (String name : store.getMapNames()) {
      found.put(name, store.openMap(name));
    }
    return digest(found);
  }
}
