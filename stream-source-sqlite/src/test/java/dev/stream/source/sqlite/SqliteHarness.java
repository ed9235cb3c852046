package dev.stream.source.sqlite;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.database.DatabaseHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** A SQLite file with a writer of its own. */
final class SqliteHarness implements DatabaseHarness {

  final Path path;
  final Connection writer;
  private int copies;

  SqliteHarness(Path path, int pageSize, String vacuum) throws SQLException, IOException {
    this.path = path;
    Files.createFile(path);
    writer = Connections.open(path);
    sql("PRAGMA page_size=" + pageSize);
    sql("PRAGMA auto_vacuum=" + vacuum);
    sql("VACUUM");
    sql("PRAGMA journal_mode=WAL");
    sql("PRAGMA wal_autocheckpoint=1000");
    sql("CREATE TABLE t(id INTEGER PRIMARY KEY, v BLOB)");
    sql("CREATE INDEX i ON t(v)");
    sql("INSERT INTO t(v) VALUES('first')");
  }

  void sql(String sql) throws SQLException {
    try (Statement statement = writer.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Another process that empties the log, and waits for readers; prints 0|0|0 when it is done. */
  static Process startTruncating(Path database) throws IOException {
    return new ProcessBuilder(
            "sqlite3",
            database.toString(),
            "PRAGMA busy_timeout=30000; PRAGMA wal_checkpoint(TRUNCATE);")
        .redirectErrorStream(true)
        .start();
  }

  @Override
  public PagedDatabase open() throws IOException {
    return new SqliteDatabaseProvider().open(new SqliteConfig(path));
  }

  @Override
  public void commit(Random random) throws SQLException {
    switch (random.nextInt(12)) {
      case 0 -> sql("DELETE FROM t WHERE id % 3 = " + random.nextInt(3));
      case 1 -> sql("UPDATE t SET v = randomblob(300) WHERE id % 5 = " + random.nextInt(5));
      case 2 -> sql("INSERT INTO t(v) VALUES(zeroblob(" + random.nextInt(60_000) + "))");
      case 3 -> sql("INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(60_000) + "))");
      case 4 -> {
        sql("VACUUM");
        sql("INSERT INTO t(v) VALUES(1)");
      }
      case 5 -> {
        sql("PRAGMA incremental_vacuum(" + random.nextInt(20) + ")");
        sql("INSERT INTO t(v) VALUES(2)");
      }
      case 6 -> {
        sql("BEGIN");
        sql("INSERT INTO t(v) VALUES(randomblob(5000))");
        sql("SAVEPOINT s");
        sql("DELETE FROM t");
        sql("ROLLBACK TO s");
        sql("COMMIT");
      }
      case 7 -> {
        // A table that comes and goes within one transaction grows the file by pages never written.
        sql("BEGIN");
        sql("CREATE TABLE gone(v)");
        sql("INSERT INTO gone VALUES(randomblob(40000))");
        sql("DROP TABLE gone");
        sql("INSERT INTO t(v) VALUES(3)");
        sql("COMMIT");
      }
      case 8 -> {
        // Spills to the log with a small cache, and is rolled back after that.
        sql("PRAGMA cache_size=5");
        sql("BEGIN");
        sql("UPDATE t SET v = randomblob(900)");
        sql("ROLLBACK");
        sql("PRAGMA cache_size=-2000");
        sql("INSERT INTO t(v) VALUES(4)");
      }
      case 9 -> {
        // Spills, and rewrites its own frames before it commits.
        sql("PRAGMA cache_size=5");
        sql("BEGIN");
        sql("UPDATE t SET v = randomblob(700)");
        sql("UPDATE t SET v = randomblob(600)");
        sql("COMMIT");
        sql("PRAGMA cache_size=-2000");
      }
      default -> sql("INSERT INTO t(v) VALUES(randomblob(" + random.nextInt(2_000) + "))");
    }
  }

  /**
   * Lets SQLite itself put the file and the log together, in a copy. A process makes the copy:
   * closing a descriptor of the database here would drop the locks of this process on it.
   */
  @Override
  public byte[] image() throws IOException {
    Path copy = path.resolveSibling("copy" + copies++ + ".db");
    // A reader keeps the log from being emptied or removed between the two.
    try (Connection reader = Connections.openForReading(path);
        Statement read = reader.createStatement()) {
      read.execute("BEGIN");
      read.executeQuery("PRAGMA schema_version").close();
      run("cp", path.toString(), copy.toString());
      Path log = Path.of(path + "-wal");
      if (Files.exists(log)) {
        run("cp", log.toString(), copy + "-wal");
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
    try (Connection connection = Connections.open(copy);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw new IOException(e);
    }
    byte[] bytes = Files.readAllBytes(copy);
    Files.delete(copy);
    return bytes;
  }

  /** Every page of an image, in runs of odd lengths. */
  static byte[] read(DatabaseImage image) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) image.highWaterMark() * image.pageSize());
    for (long page = 1; page <= image.highWaterMark(); page += 7) {
      image.read(page, (int) Math.min(7, image.highWaterMark() - page + 1), all);
    }
    return all.array();
  }

  static void run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public boolean crash(PagedDatabase database) throws IOException {
    ((SqliteDatabase) database).abandon();
    return true;
  }

  @Override
  public boolean breakContinuity() throws SQLException {
    for (int i = 0; i < 2; i++) {
      sql("INSERT INTO t(v) VALUES(randomblob(100))");
      sql("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    try {
      writer.close();
    } catch (SQLException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
