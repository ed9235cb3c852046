package dev.stream.it.h2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** Opens a copy as an MVStore: its maps must be in a state that is allowed. For one thread. */
final class StoreJudge implements Verdicts.Judge {

  private final Path folder;
  private final StateLog<Long> log;
  private int count;

  StoreJudge(Path folder, StateLog<Long> log) {
    this.folder = folder;
    this.log = log;
  }

  @Override
  public @Nullable String wrong(byte[] bytes, List<StateLog.Span> spans) throws IOException {
    Path copy = Files.write(folder.resolve("copy-" + count++), bytes);
    try {
      MVStore store = MVStore.open(copy.toString());
      try {
        long found = StoreWriter.digest(store);
        StateLog.Span span = spans.get(0);
        return log.has(span, found) ? null : log.describe(span, found);
      } finally {
        store.closeImmediately();
      }
    } catch (MVStoreException e) {
      return e.toString();
    } finally {
      Files.delete(copy);
    }
  }
}
