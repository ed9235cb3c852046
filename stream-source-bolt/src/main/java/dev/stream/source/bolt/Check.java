package dev.stream.source.bolt;

import java.io.IOException;

/**
 * Whether a file that nobody writes is a sound bolt database: both metas are, every page that the
 * newest reaches is reached once and is not listed as free, and all keys are in order.
 */
final class Check {

  private final BoltFile file;

  Check(BoltFile file) {
    this.file = file;
  }

  void run() throws IOException {
    BoltMeta newest = file.newest();
    for (int slot = 0; slot < 2; slot++) {
      BoltMeta.Finding finding = file.find((long) slot * newest.pageSize());
      if (finding.meta() == null && newest.txId() != 0) {
        throw new DamagedFileException(
            "meta page " + slot + " of " + file.path() + " is damaged: " + finding.fault());
      }
    }
    new Walk(file, newest, (first, pages) -> {}, true).run();
  }
}
