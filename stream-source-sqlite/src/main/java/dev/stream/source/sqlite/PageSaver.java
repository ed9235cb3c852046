package dev.stream.source.sqlite;

import java.io.IOException;

/**
 * Puts the old bytes of what is to be changed into a journal, each page once, in ascending order.
 */
final class PageSaver {

  private final CopyFile file;
  private final RollbackJournal journal;
  private final byte[] page;
  private long last;

  PageSaver(CopyFile file, RollbackJournal journal, int pageSize) {
    this.file = file;
    this.journal = journal;
    this.page = new byte[pageSize];
  }

  void saveBytes(long from, long to) throws IOException {
    if (to > from) {
      save(from / page.length + 1, (to - 1) / page.length + 1);
    }
  }

  void save(long firstId, long lastId) throws IOException {
    for (long id = Math.max(firstId, last + 1); id <= lastId; id++) {
      if (journal.needs(id)) {
        file.read((id - 1) * page.length, page, 0, page.length);
        journal.add(id, page);
      }
      last = id;
    }
  }
}
