package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is restarted while no pin holds it: what was committed is counted, not guessed. */
final class LogRestartTest {

  @TempDir private Path folder;
  private SqliteHarness harness;
  private Attachment open;
  private LogFollower follower;

  @BeforeEach
  void follow() throws Exception {
    harness = new SqliteHarness(folder.resolve("app.db"), 4096, "NONE");
    harness.sql("PRAGMA wal_autocheckpoint=0");
    open = Attachment.open(harness.path.toRealPath(), null);
    follower = new LogFollower(new Unread());
    follower.attach(open.guard(), open.wal(), open.file(), null);
    follower.startAnew(1);
    for (int i = 0; i < 50; i++) {
      harness.sql("INSERT INTO t(v) VALUES(randomblob(5000))");
    }
    follower.capture();
    assertThat(follower.txId()).isEqualTo(51);
    letGo();
  }

  @AfterEach
  void close() throws Exception {
    open.close();
    harness.close();
  }

  private void letGo() throws Exception {
    open.guard().release();
    follower.unpinned();
  }

  private void captureAgain() throws Exception {
    open.guard().take();
    follower.capture();
  }

  private void commitThenRestart() throws Exception {
    harness.sql("INSERT INTO t(v) VALUES('at the end of the old log')");
    harness.sql("PRAGMA wal_checkpoint(PASSIVE)");
    harness.sql("INSERT INTO t(v) VALUES('in the new log')");
  }

  @Test
  void whatStillStandsIsReadIfItIsAllThatWasCommitted() throws Exception {
    commitThenRestart();
    captureAgain();
    assertThat(follower.txId()).isEqualTo(53);
  }

  @Test
  void anEndThatWasCutOffIsMissed() throws Exception {
    long end = 32 + follower.position().frames() * (24 + 4096);
    harness.sql("PRAGMA journal_size_limit=" + end);
    commitThenRestart();
    assertThat(Files.size(Path.of(harness.path + "-wal"))).isEqualTo(end);
    assertThatThrownBy(this::captureAgain)
        .isInstanceOf(PositionLostException.class)
        .hasMessageContaining("of 1 commits at its end 0 were found");
  }

  @Test
  void aLogThatWasEmptiedAfterEverythingWasReadIsGoneOnWith() throws Exception {
    for (int i = 0; i < 3; i++) {
      harness.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    harness.sql("INSERT INTO t(v) VALUES('in the new log')");
    captureAgain();
    assertThat(follower.txId()).isEqualTo(52);
  }

  @Test
  void aLogThatWasEmptiedWithACommitIsALostPosition() throws Exception {
    harness.sql("INSERT INTO t(v) VALUES('unseen')");
    harness.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThatThrownBy(this::captureAgain).isInstanceOf(PositionLostException.class);
  }

  @Test
  void nothingIsMissedUnderAPinHoweverTheLogIsRestarted() throws Exception {
    open.guard().take();
    follower.capture();
    open.guard().checkpoint();
    open.guard().advance(); // reads from the file alone: the next commit restarts the log
    harness.sql("INSERT INTO t(v) VALUES('in the new log')");
    follower.capture();
    assertThat(follower.txId()).isEqualTo(52);
  }

  /**
   * A transaction that spilled and was rolled back has written the new log's header; the next one,
   * of a connection that counts its checkpoints otherwise, writes it again with the same salts.
   */
  @Test
  void aHeaderThatIsWrittenTwiceWithTheSameSaltsIsTheSameLog() throws Exception {
    try (Connection other = Connections.open(harness.path);
        Statement sql = other.createStatement()) {
      sql.execute("PRAGMA wal_autocheckpoint=0");
      sql.execute("PRAGMA cache_size=10");
      for (int i = 0; i < 3; i++) {
        sql.execute("PRAGMA wal_checkpoint(PASSIVE)");
        sql.execute("INSERT INTO t(v) VALUES('restarts the log')");
        captureAgain();
        letGo();
      }
      harness.sql("PRAGMA wal_checkpoint(PASSIVE)");
      harness.sql("INSERT INTO t(v) VALUES('restarts it, too')");
      sql.execute("PRAGMA wal_checkpoint(PASSIVE)");
      captureAgain();
      long known = follower.txId();
      letGo();
      sql.execute("BEGIN");
      for (int i = 0; i < 50; i++) {
        sql.execute("INSERT INTO t(v) VALUES(randomblob(5000))");
      }
      captureAgain();
      LogPosition first = follower.position();
      sql.execute("ROLLBACK");
      harness.sql("INSERT INTO t(v) VALUES('in the new log')");
      assertThat(open.wal().header().sameLog(first.log())).isTrue();
      assertThat(open.wal().header()).isNotEqualTo(first.log());
      follower.capture();
      assertThat(follower.txId()).isEqualTo(known + 1);

      LogFollower later = new LogFollower(new Unread());
      later.attach(open.guard(), open.wal(), open.file(), null);
      later.startAfter(known);
      later.resume(first);
      assertThat(later.txId()).isEqualTo(known + 1);
    }
  }

  /** Takes everything and looks at nothing. */
  private static final class Unread implements PageFlushObserver {
    @Override
    public void onPageFlush(PageFlush flush) {}

    @Override
    public void onBase(DatabaseImage image, Continuity continuity) {}

    @Override
    public void onNotice(String message) {}

    @Override
    public void onTrouble(String message) {}

    @Override
    public void onRecovered() {}
  }
}
