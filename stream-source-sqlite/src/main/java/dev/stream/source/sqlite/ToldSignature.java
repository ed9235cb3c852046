package dev.stream.source.sqlite;

import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells the observer by which signature the database is known again. The observer keeps it durably,
 * so one in which the change counter alone has gone on is told once a minute. For use by one
 * thread.
 */
final class ToldSignature {

  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final PageFlushObserver observer;
  private @Nullable SqliteSignature last;
  private long toldAt;

  ToldSignature(PageFlushObserver observer) {
    this.observer = observer;
  }

  /** The database is about to be let go of, and everything is captured and written back. */
  void tell(Attachment open) {
    try {
      ByteBuffer header = ByteBuffer.allocate(SqliteHeader.BYTES);
      open.file().read(0, header);
      SqliteSignature now = open.guard().signature(last, SqliteHeader.changeCounter(header));
      boolean schemaChanged = last == null || now.cookie() != last.cookie();
      if (schemaChanged || System.nanoTime() - toldAt >= PAUSE_NANOS) {
        last = now;
        toldAt = System.nanoTime();
        observer.onSignature(now.token());
      }
    } catch (SQLException | IOException e) {
      last = null; // A schema that cannot be read tells nothing.
    }
  }
}
