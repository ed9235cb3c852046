package dev.stream.source.sqlite;

import dev.stream.api.database.DatabaseImage;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The images of one captured database, and how many of them are open: each holds the log as it is.
 * Fixed by the follower's thread, closed by any.
 */
final class Images {

  private final LogFollower follower;
  private final Courtesy courtesy = new Courtesy();
  private final AtomicInteger count = new AtomicInteger();

  Images(LogFollower follower) {
    this.follower = follower;
  }

  boolean areOpen() {
    return count.get() > 0;
  }

  /** Who reads one is to begin anew, since another file has taken the place. */
  void giveUp() {
    courtesy.breakAll();
  }

  /** A checkpointer needs the log that they hold. */
  void askToGiveWay() {
    courtesy.ask();
  }

  /** Brings the follower to the commit that an image is to show, after the image's pin is taken. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException, SQLException, PositionLostException;
  }

  /**
   * Fixes an image of the newest commit.
   *
   * @param open the database that is followed; a pin is taken if none is held
   */
  DatabaseImage fix(Attachment open, Step reachCommit) throws IOException, PositionLostException {
    ReadPin pin = null;
    WalFile log = null;
    count.incrementAndGet();
    try {
      if (!open.guard().isPinned()) {
        open.guard().take();
        follower.unpinned();
      }
      pin = new ReadPin(open.path());
      pin.take(open.index());
      // Only now: what is written back while the pin is held must not be newer than the image.
      reachCommit.run();
      log = WalFile.open(open.wal().path());
      return new SqliteImage(
          follower.txId(),
          follower.position(),
          follower.index().copy(),
          open.file(),
          log,
          log.size(),
          pin,
          courtesy.visit(open.neighbours()),
          count::decrementAndGet);
    } catch (SQLException e) {
      release(open, pin, log);
      throw Connections.explain("cannot take an image of", open.path(), e);
    } catch (IOException | PositionLostException | RuntimeException e) {
      release(open, pin, log);
      throw e;
    }
  }

  private void release(Attachment of, @Nullable ReadPin pin, @Nullable WalFile log)
      throws IOException {
    count.decrementAndGet();
    try (log;
        pin) {
      // Only closes what was opened so far.
    } catch (SQLException e) {
      throw Connections.explain("cannot release the image of", of.path(), e);
    }
  }
}
