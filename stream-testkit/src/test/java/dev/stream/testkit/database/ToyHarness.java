package dev.stream.testkit.database;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A database that keeps the bytes after every commit, and shows a flaw in its capture if told to.
 */
final class ToyHarness implements DatabaseHarness {

  /** What a careless source does. */
  enum Flaw {
    NONE,
    SKIPS_A_PAGE,
    FRAMES_OUT_OF_ORDER,
    PAGES_BEYOND_THE_END,
    LOSES_WHAT_WAS_REFUSED,
    HOLE_AFTER_RESUME,
    LIVE_SNAPSHOT,
    SNAPSHOT_AHEAD_OF_FLUSHES,
    SYNC_THAT_DOES_NOTHING
  }

  private static final int PAGE = 512;

  private final Flaw flaw;

  /** The whole database after each commit; its index is the commit's number. */
  private final List<byte[]> states = new ArrayList<>();

  private long history = 1;

  ToyHarness(Flaw flaw) {
    this.flaw = flaw;
    states.add(new byte[20 * PAGE]);
    states.get(0)[0] = 1;
  }

  @Override
  public PagedDatabase open() {
    return new Toy();
  }

  @Override
  public synchronized void commit(Random random) {
    byte[] former = newest();
    int pages = Math.max(8, former.length / PAGE + random.nextInt(5) - 2);
    byte[] state = Arrays.copyOf(former, pages * PAGE);
    for (int i = 0; i < 5; i++) {
      state[random.nextInt(state.length)] = (byte) random.nextInt();
    }
    states.add(state);
  }

  private byte[] newest() {
    return states.get(states.size() - 1);
  }

  @Override
  public synchronized byte[] image() {
    return newest().clone();
  }

  @Override
  public boolean crash(PagedDatabase database) {
    ((Toy) database).closed = true;
    return true;
  }

  @Override
  public synchronized boolean breakContinuity() {
    history++;
    return true;
  }

  @Override
  public void close() {}

  /** Captures what the harness commits; its token is {@code history:commit}. */
  private final class Toy implements PagedDatabase {
    private @Nullable PageFlushObserver observer;
    private long txId;
    private int taken;
    private boolean closed;

    @Override
    public DatabaseInfo info() {
      return new DatabaseInfo("toy", Path.of("toy"), "Toy 1");
    }

    @Override
    public void start(@Nullable ResumePosition resume, PageFlushObserver newObserver)
        throws IOException {
      synchronized (ToyHarness.this) {
        observer = newObserver;
        if (resume != null && resume.token().matches(history + ":[0-9]+")) {
          txId = resume.txId();
          taken = Integer.parseInt(resume.token().substring(resume.token().indexOf(':') + 1));
          if (flaw == Flaw.HOLE_AFTER_RESUME) {
            taken = states.size() - 1;
          }
          sync();
          observer.onBase(fix(), Continuity.proven("the history is the same"));
        } else {
          txId = (resume == null ? 0 : resume.txId()) + 1;
          taken = states.size() - 1;
          observer.onBase(fix(), Continuity.lost("no position"));
        }
      }
    }

    @Override
    public DatabaseImage snapshot() throws IOException {
      synchronized (ToyHarness.this) {
        if (flaw != Flaw.SNAPSHOT_AHEAD_OF_FLUSHES) {
          sync();
        }
        return fix();
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (ToyHarness.this) {
        if (flaw == Flaw.SYNC_THAT_DOES_NOTHING || taken == states.size() - 1) {
          return;
        }
        long last = txId + states.size() - 1 - taken;
        PageFlush flush = flush(states.get(taken), newest(), txId + 1, last);
        if (flaw == Flaw.LOSES_WHAT_WAS_REFUSED) {
          taken = states.size() - 1;
          txId = last;
        }
        observer.onPageFlush(flush);
        taken = states.size() - 1;
        txId = last;
      }
    }

    private PageFlush flush(byte[] from, byte[] to, long first, long last) {
      List<PageFrame> frames = new ArrayList<>();
      for (int at = 0; at < to.length; at += PAGE) {
        byte[] former = at < from.length ? Arrays.copyOfRange(from, at, at + PAGE) : new byte[PAGE];
        byte[] page = Arrays.copyOfRange(to, at, at + PAGE);
        if (!Arrays.equals(former, page)) {
          frames.add(new PageFrame(at / PAGE + 1, 0, ByteBuffer.wrap(page)));
        }
      }
      int highWaterMark = to.length / PAGE;
      switch (flaw) {
        case SKIPS_A_PAGE -> {
          if (!frames.isEmpty()) {
            frames.remove(frames.size() / 2);
          }
        }
        case FRAMES_OUT_OF_ORDER -> java.util.Collections.reverse(frames);
        case PAGES_BEYOND_THE_END ->
            frames.add(new PageFrame(highWaterMark + 1, 0, ByteBuffer.allocate(PAGE)));
        default -> {}
      }
      return new PageFlush(
          first,
          last,
          PAGE,
          highWaterMark,
          history + ":" + (states.size() - 1),
          consumer -> {
            for (PageFrame frame : frames) {
              consumer.accept(new PageFrame(frame.id(), 0, frame.data().duplicate()));
            }
          });
    }

    private DatabaseImage fix() {
      int commit = states.size() - 1;
      long at = txId + commit - taken;
      byte[] fixed = newest();
      return new DatabaseImage() {
        @Override
        public long txId() {
          return at;
        }

        @Override
        public int pageSize() {
          return PAGE;
        }

        @Override
        public long highWaterMark() {
          return fixed.length / PAGE;
        }

        @Override
        public String position() {
          return history + ":" + commit;
        }

        @Override
        public void read(long firstPageId, int count, ByteBuffer target) {
          byte[] source = flaw == Flaw.LIVE_SNAPSHOT ? newest() : fixed;
          byte[] bytes = Arrays.copyOf(source, Math.max(source.length, fixed.length));
          target.put(bytes, (int) (firstPageId - 1) * PAGE, count * PAGE);
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() throws IOException {
      if (!closed && observer != null) {
        sync();
      }
      closed = true;
    }
  }
}
