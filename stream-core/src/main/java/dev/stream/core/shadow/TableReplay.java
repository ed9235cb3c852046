package dev.stream.core.shadow;

import dev.stream.core.checksum.PageHash;
import java.io.IOException;

/** A table of page hashes that a former process left, brought up to date while logs are read. */
final class TableReplay implements LogReader.Pages {

  private final PageHashTable table;
  private final DatabaseState writtenBack;
  private final LongList ids = new LongList();
  private final LongList hashes = new LongList();

  /**
   * A replay.
   *
   * @param writtenBack the state up to which all is in the table
   */
  TableReplay(PageHashTable table, DatabaseState writtenBack) {
    this.table = table;
    this.writtenBack = writtenBack;
  }

  PageHashTable table() {
    return table;
  }

  @Override
  public void page(long id, long fileOffset, byte[] data, int at, int length) {
    ids.add(id);
    hashes.add(PageHash.of(id, data, at, length));
  }

  /** The pages since the record before belong to this one, which is whole. */
  void whole(LogRecord record) throws IOException {
    if (record.txId() > writtenBack.txId()) {
      table.truncate(record.after().highWaterMark());
      for (int i = 0; i < ids.size(); i++) {
        table.set(ids.get(i), hashes.get(i));
      }
    }
    torn();
  }

  /** The pages since the last whole record belong to none. */
  void torn() {
    ids.cutTo(0);
    hashes.cutTo(0);
  }

  /** Whether it is the table of a state, now that all records up to it were read. */
  boolean isOf(DatabaseState state) {
    return state.proven()
        && state.txId() >= writtenBack.txId()
        && state.pageSize() == writtenBack.pageSize()
        && state.checksum() == table.checksum();
  }
}
