package dev.stream.source.sqlite;

import dev.stream.api.database.DatabaseImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An image held by a read transaction: the newest frame of each page up to a commit, else the
 * database file.
 *
 * <p>While the pin is held, frames above its read mark are not written back, so a page without a
 * frame reads the same from the file at any time. If the pin's read mark is 0, the log may be
 * restarted and its frames overwritten, but only because everything up to the commit is in the file
 * by then, and nothing newer gets there: the salts in the log's header tell which case it is.
 */
final class SqliteImage implements DatabaseImage {

  private final long txId;
  private final LogPosition position;
  private final FrameIndex index;
  private final DatabaseFile file;
  private final WalFile wal;
  private final ReadPin pin;
  private final Courtesy.Visit visit;
  private final Runnable onClose;
  private final long logBytes;
  private boolean inFile;
  private boolean gaveWay;
  private boolean closed;

  SqliteImage(
      long txId,
      LogPosition position,
      FrameIndex index,
      DatabaseFile file,
      WalFile wal,
      long logBytes,
      ReadPin pin,
      Courtesy.Visit visit,
      Runnable onClose) {
    this.txId = txId;
    this.position = position;
    this.index = index;
    this.file = file;
    this.wal = wal;
    this.pin = pin;
    this.visit = visit;
    this.onClose = onClose;
    this.logBytes = logBytes;
    this.inFile = position.frames() == 0;
  }

  @Override
  public long txId() {
    return txId;
  }

  @Override
  public int pageSize() {
    return position.pageSize();
  }

  @Override
  public long highWaterMark() {
    return position.highWaterMark();
  }

  @Override
  public String position() {
    return position.token();
  }

  @Override
  public void read(long firstPageId, int count, ByteBuffer target) throws IOException {
    if (firstPageId < 1 || count < 1 || firstPageId + count - 1 > highWaterMark()) {
      throw new IndexOutOfBoundsException(
          "pages " + firstPageId + " + " + count + " of " + highWaterMark());
    }
    giveWay();
    int start = target.position();
    int limit = target.limit();
    int end = start + count * pageSize();
    fill(firstPageId, count, target, start);
    if (!inFile && !sameLog(wal.header())) {
      inFile = true;
      fill(firstPageId, count, target, start);
    }
    long lockPage = SqliteHeader.lockPage(pageSize());
    if (lockPage >= firstPageId && lockPage < firstPageId + count) {
      target.position(start + (int) (lockPage - firstPageId) * pageSize());
      for (int i = 0; i < pageSize(); i++) {
        target.put((byte) 0);
      }
    }
    target.limit(limit).position(end);
  }

  @Override
  public String signature() throws IOException {
    giveWay();
    try {
      ByteBuffer first = ByteBuffer.allocate(pageSize());
      read(1, 1, first);
      return pin.signature(SqliteHeader.changeCounter(first)).token();
    } catch (SQLException e) {
      return ""; // A schema that cannot be read tells nothing.
    }
  }

  @Override
  public Relation relationTo(String signature) throws IOException {
    SqliteSignature before = SqliteSignature.parse(signature);
    SqliteSignature now = SqliteSignature.parse(signature());
    return before == null || now == null ? Relation.UNKNOWN : now.relationTo(before);
  }

  /** By how much the log has grown, since nothing of it may be written over or back. */
  @Override
  public long heldBytes() throws IOException {
    visit.lingers();
    giveWay();
    return Math.max(0, wal.size() - logBytes);
  }

  private void giveWay() throws IOException {
    if (gaveWay || visit.mustGiveWay()) {
      if (!gaveWay) {
        gaveWay = true;
        letGoOfPin();
        visit.done(false);
        onClose.run();
      }
      throw visit.givenUp();
    }
  }

  private void letGoOfPin() throws IOException {
    try {
      pin.close();
    } catch (SQLException e) {
      throw Connections.explain("cannot release the image of", file.path(), e);
    }
  }

  private void fill(long firstPageId, int count, ByteBuffer target, int start) throws IOException {
    target.limit(start + count * pageSize()).position(start);
    file.read((firstPageId - 1) * pageSize(), target);
    if (inFile) {
      return;
    }
    WalHeader log = Objects.requireNonNull(position.log());
    FrameSource frames = FrameSource.files(wal, file, log);
    for (int i = 0; i < count; i++) {
      long frame = index.get(firstPageId + i);
      if (frame != 0) {
        target.position(start + i * pageSize());
        try {
          frames.read(CommitRun.pack(firstPageId + i, frame), target);
        } catch (IOException e) {
          if (sameLog(wal.header())) {
            throw e;
          }
          return; // Cut by a restart; the caller sees the other log and reads the file.
        }
      }
    }
  }

  private boolean sameLog(@Nullable WalHeader now) {
    return now != null && now.sameLog(position.log());
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (wal;
        pin) {
      if (!gaveWay) {
        visit.done(true);
        onClose.run();
      }
    } catch (SQLException e) {
      throw Connections.explain("cannot release the image of", file.path(), e);
    }
  }
}
