package dev.stream.it.h2;

import dev.stream.core.shadow.LogReader;
import dev.stream.core.shadow.LogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last thing that a killed process wrote to its shadow log, and then perhaps to its file.
 *
 * @param pages the pages, by id
 * @param pageSize bytes per page
 * @param highWaterMark the database's pages after it
 */
record LastRecord(Map<Long, byte[]> pages, int pageSize, long highWaterMark) {

  /** That of a shadow directory's newest log that has any; null if none has. */
  static @Nullable LastRecord of(Path shadow) throws IOException {
    List<Path> logs;
    try (Stream<Path> files = Files.list(shadow.resolve("active"))) {
      logs = files.sorted().toList();
    } catch (NoSuchFileException e) {
      return null;
    }
    LastRecord last = null;
    for (Path log : logs) {
      LastRecord found = read(log);
      last = found == null ? last : found;
    }
    return last;
  }

  private static @Nullable LastRecord read(Path log) throws IOException {
    LastRecord last = null;
    try (LogReader reader = LogReader.open(log)) {
      while (true) {
        Map<Long, byte[]> pages = new TreeMap<>();
        LogRecord record =
            reader.next(
                (id, offset, data, at, length) ->
                    pages.put(id, Arrays.copyOfRange(data, at, at + length)));
        if (record == null) {
          return last;
        }
        last = new LastRecord(pages, record.after().pageSize(), record.after().highWaterMark());
      }
    } catch (IOException e) {
      return last; // killed while it began the log
    }
  }

  /** The file as it would be, had the write reached it whole. */
  byte[] appliedTo(byte[] file) {
    byte[] applied = Arrays.copyOf(file, (int) highWaterMark * pageSize);
    pages.forEach(
        (id, page) -> System.arraycopy(page, 0, applied, (int) (id - 1) * pageSize, pageSize));
    return applied;
  }

  /** Whether some of it is in the file, though not all. */
  boolean isPartlyIn(byte[] file) {
    return pages.entrySet().stream()
        .anyMatch(
            page -> {
              int at = (int) (page.getKey() - 1) * pageSize;
              return at + pageSize <= file.length
                  && Arrays.equals(file, at, at + pageSize, page.getValue(), 0, pageSize);
            });
  }
}
