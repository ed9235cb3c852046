package dev.stream.core.capture;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.schedule.Episode;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.TableSlots;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of page hashes of the last captured state, and its file. A file that takes nothing
 * costs memory, never a commit. For use with capture's lock held.
 */
final class PageHashes {

  private static final Logger LOG = LoggerFactory.getLogger(PageHashes.class);

  /** So many parts of 4 KiB are written while commits wait. */
  private static final int AT_ONCE = 8;

  private final TableSlots slots;
  private final ReentrantLock lock;
  private final Episode episode = new Episode();
  private @Nullable PageHashTable table;

  /**
   * The hashes.
   *
   * @param table what a former process left; null if that is not known
   * @param lock that of capture
   */
  PageHashes(TableSlots slots, @Nullable PageHashTable table, ReentrantLock lock) {
    this.slots = slots;
    this.table = table;
    this.lock = lock;
  }

  /** The table; null before the first base, if no former process left one. */
  @Nullable PageHashTable table() {
    return table;
  }

  /** A table of an image, which nobody uses before it is adopted. */
  PageHashTable scan(DatabaseImage image) throws IOException {
    PageHashTable fresh = fresh();
    try {
      BaseScan.fill(fresh, image);
      return fresh;
    } catch (IOException | RuntimeException | Error e) {
      fresh.close();
      throw e;
    }
  }

  private PageHashTable fresh() {
    try {
      return slots.fresh();
    } catch (IOException e) {
      failed(e);
      return new PageHashTable();
    }
  }

  /** From here on this is the table, as of a state. */
  void adopt(PageHashTable fresh, GenerationId generation, DatabaseState state) {
    PageHashTable former = table;
    table = fresh;
    belongTo(generation, state);
    try {
      if (former != null) {
        former.close();
      }
      slots.adopted();
    } catch (IOException e) {
      failed(e);
    }
  }

  /** The table is that of a state of this generation. */
  void belongTo(GenerationId generation, DatabaseState state) {
    PageHashTable whole = table;
    if (whole != null) {
      try {
        whole.writeBack(generation, state);
        succeeded();
      } catch (IOException e) {
        failed(e);
      }
    }
  }

  /** What the file lacks of a state. */
  final class Lacking {

    private final PageHashTable of;
    private final GenerationId generation;
    private final DatabaseState state;
    private final int[] parts;
    private int next;

    private Lacking(PageHashTable of, GenerationId generation, DatabaseState state) {
      this.of = of;
      this.generation = generation;
      this.state = state;
      this.parts = of.changed();
    }

    /** Writes it back, a little at a time, without capture's lock held. */
    void writeBack() {
      boolean more = true;
      while (more) {
        lock.lock();
        try {
          more = of == table && some();
        } catch (IOException e) {
          failed(e);
          return;
        } finally {
          lock.unlock();
        }
      }
    }

    private boolean some() throws IOException {
      for (int end = next + AT_ONCE; next < Math.min(end, parts.length); next++) {
        of.writeBack(parts[next]);
      }
      if (next < parts.length) {
        return true;
      }
      of.mark(generation, state);
      succeeded();
      return false;
    }
  }

  /** What the file lacks of the current state; null if there is no table. */
  @Nullable Lacking lacking(GenerationId generation, DatabaseState state) {
    PageHashTable whole = table;
    return whole == null ? null : new Lacking(whole, generation, state);
  }

  private void failed(IOException e) {
    if (episode.failed("" + e)) {
      LOG.warn(
          "the table of page hashes in the shadow directory cannot be written: {}; no commit is at"
              + " risk, and what it lacks is kept in memory. If this process is killed meanwhile,"
              + " it is made anew. If the disk is full, make room",
          e.toString());
    }
  }

  private void succeeded() {
    if (episode.succeeded()) {
      LOG.info("the table of page hashes can be written again");
    }
  }

  /** Lets go of the file. */
  void close() {
    PageHashTable closing = table;
    table = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (IOException e) {
        failed(e);
      }
    }
  }
}
