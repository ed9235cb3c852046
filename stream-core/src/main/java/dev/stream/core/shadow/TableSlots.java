package dev.stream.core.shadow;

import dev.stream.core.file.FileRights;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a shadow directory has the table of page hashes: one of two files, so that a new one can be
 * filled while the other is that of the last captured state. For use by one thread at a time.
 */
public final class TableSlots {

  private static final int CHUNK = 4096;
  private static final long LEAST = 2 << 20;
  private static final long MOST = 64 << 20;

  private final List<Path> files;
  private final FileRights rights;
  private int used = -1;

  /** Those of a directory. */
  public TableSlots(ShadowDirectory directory) {
    this.files =
        List.of(
            directory.root().resolve("page-hashes-1"), directory.root().resolve("page-hashes-2"));
    this.rights = directory.rights();
  }

  /** A sixteenth of the heap, within bounds. */
  private static int capacity() {
    long bytes = Runtime.getRuntime().maxMemory() / 16;
    return (int) (Math.max(LEAST, Math.min(MOST, bytes)) / CHUNK);
  }

  /** What there is of a generation, to be brought up to date; null if there is none. */
  @Nullable TableReplay open(GenerationId generation) throws IOException {
    for (int slot = 0; slot < files.size(); slot++) {
      if (!Files.exists(files.get(slot))) {
        continue;
      }
      TableFile file = new TableFile(files.get(slot));
      try {
        TableFormat.Header header = TableFormat.read(file);
        if (header != null && header.generation().equals(generation)) {
          used = slot;
          return new TableReplay(PageHashTable.open(file, capacity()), header.state());
        }
      } catch (IOException e) {
        file.close();
        throw e;
      }
      file.close();
    }
    return null;
  }

  /**
   * An empty table, which nothing takes for one before it is {@link #adopted}.
   *
   * @throws IOException if its file cannot be written
   */
  public PageHashTable fresh() throws IOException {
    TableFile file = new TableFile(files.get(other()));
    try {
      rights.giveFile(files.get(other()));
      return PageHashTable.create(file, capacity());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** The fresh table, or one in memory, takes the place of the one in use, which is closed. */
  public void adopted() throws IOException {
    int former = used;
    used = other();
    if (former >= 0) {
      Files.deleteIfExists(files.get(former));
    }
  }

  /** The one in use is worth nothing. */
  void discard() throws IOException {
    used = -1;
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  private int other() {
    return used == 0 ? 1 : 0;
  }
}
