package dev.stream.core.guard;

import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A note in the shadow directory, the file {@code held-back}: what was captured since is not for
 * the replicas until somebody accepts it. It outlives a restart.
 *
 * @param after the last generation that is for the replicas
 * @param good the last state of that
 * @param knownAt when that was the newest
 * @param why what later generations are held back for
 */
public record HeldBackLineage(GenerationId after, DatabaseState good, Instant knownAt, String why) {

  private static final String NAME = "held-back";

  /** The note of a shadow directory; null if there is none. */
  public static @Nullable HeldBackLineage read(ShadowDirectory directory) throws IOException {
    Path file = directory.root().resolve(NAME);
    try {
      List<String> lines = Files.readAllLines(file);
      String[] state = lines.get(1).split(" ", -1);
      return new HeldBackLineage(
          new GenerationId(lines.get(0)),
          DatabaseState.of(
              Long.parseLong(state[0]),
              Long.parseUnsignedLong(state[1], 16),
              Integer.parseInt(state[2]),
              Long.parseLong(state[3]),
              ""),
          Instant.parse(lines.get(2)),
          lines.get(3));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw new IOException(
          file
              + " is damaged, so it is not known which captured commits are for the replicas;"
              + " nothing was changed. Delete it if the database is the right one",
          e);
    }
  }

  /** Takes note, durably. */
  public void write(ShadowDirectory directory) throws IOException {
    directory.note(
        NAME,
        String.join(
            "\n",
            after.value(),
            good.txId()
                + " "
                + Long.toHexString(good.checksum())
                + " "
                + good.pageSize()
                + " "
                + good.highWaterMark(),
            knownAt.toString(),
            why.replace('\n', ' '),
            ""));
  }

  /** Forgets the note. */
  public static void clear(ShadowDirectory directory) throws IOException {
    Files.deleteIfExists(directory.root().resolve(NAME));
  }

  /** Whether a database is the last one that was for the replicas. */
  public boolean isGood(DatabaseState state) {
    return state.checksum() == good.checksum()
        && state.pageSize() == good.pageSize()
        && state.highWaterMark() == good.highWaterMark();
  }
}
