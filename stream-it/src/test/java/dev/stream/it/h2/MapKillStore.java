package dev.stream.it.h2;

import dev.stream.it.h2.KillWork.Cell;
import dev.stream.it.h2.KillWork.Put;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/** An MVStore, whose commit is that of all maps, so that its writers take turns. */
final class MapKillStore implements KillStore {

  private final MVStore store;

  MapKillStore(Path file, String scheme) {
    store = new MVStore.Builder().fileName(scheme + file).autoCommitDisabled().open();
    store.setRetentionTime(0);
  }

  /** Opened each time: before the first commit a rollback closes it. */
  private MVMap<Integer, Integer> tally() {
    return store.openMap("tally");
  }

  private MVMap<Integer, byte[]> map(int writer, int table) {
    return store.openMap("t" + table + "-" + writer);
  }

  @Override
  public synchronized int number(int writer) {
    return tally().getOrDefault(writer, 0);
  }

  @Override
  public synchronized void commit(int writer, int number, List<Put> puts) {
    apply(writer, puts);
    tally().put(writer, number);
    store.commit();
  }

  @Override
  public synchronized void undo(int writer, List<Put> puts) {
    apply(writer, puts);
    store.rollback();
  }

  private void apply(int writer, List<Put> puts) {
    for (Put put : puts) {
      MVMap<Integer, byte[]> map = map(writer, put.cell().table());
      if (put.value() == null) {
        map.remove(put.cell().key());
      } else {
        map.put(put.cell().key(), put.value());
      }
    }
  }

  @Override
  public synchronized void checkpoint() {
    store.commit();
    store.sync();
    store.compactFile(5);
  }

  @Override
  public synchronized Map<Cell, ByteBuffer> rows(int writer) {
    Map<Cell, ByteBuffer> rows = new HashMap<>();
    for (int table = 0; table < KillWork.TABLES; table++) {
      for (Map.Entry<Integer, byte[]> row : map(writer, table).entrySet()) {
        rows.put(new Cell(table, row.getKey()), ByteBuffer.wrap(row.getValue()));
      }
    }
    return rows;
  }

  @Override
  public synchronized void compactAndClose() {
    store.close(100); // milliseconds of compaction within the file
  }

  @Override
  public synchronized void close() {
    store.close();
  }
}
