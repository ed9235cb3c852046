package dev.stream.it.h2;

import java.io.InputStream;
import java.sql.BatchUpdateException;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;

/** What takes more of JDBC than statements. */
final class JdbcScenarios {

  private JdbcScenarios() {}

  static List<Scenario> all() {
    return List.of(
        new Scenario("small LOBs", side -> lobs(side, 100)),
        new Scenario("LOBs of 1 MB", side -> lobs(side, 1 << 20)),
        new Scenario("LOBs of 20 MB", side -> lobs(side, 20 << 20)),
        new Scenario("a LOB whose stream breaks", JdbcScenarios::brokenStream),
        new Scenario("batches", JdbcScenarios::batches),
        new Scenario("results that are updated", JdbcScenarios::updatable),
        new Scenario("what the database says of itself", JdbcScenarios::metaData),
        new Scenario("two phases by XA", JdbcScenarios::xa),
        new Scenario("a pool of connections", JdbcScenarios::pool),
        new Scenario("a deadlock", JdbcScenarios::deadlock),
        new Scenario("a statement cancelled, and one out of time", JdbcScenarios::cancelled),
        new Scenario("use after close", JdbcScenarios::closed),
        new Scenario("the tools", JdbcScenarios::tools));
  }

  private static void lobs(Side side, int size) throws Exception {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    try (Connection connection = side.open("")) {
      Transcript transcript = side.transcript();
      Answers.note(transcript, connection, "CREATE TABLE t(id INT PRIMARY KEY, b BLOB, c CLOB)");
      connection.setAutoCommit(false);
      insert(connection, 1, data);
      noteLob(transcript, connection, 1);
      connection.rollback();
      insert(connection, 2, data);
      connection.commit();
      noteLob(transcript, connection, 2);
      Answers.note(transcript, connection, "INSERT INTO t SELECT 3, b, c FROM t");
      Answers.note(transcript, connection, "DELETE FROM t WHERE id = 2");
      connection.commit();
      noteLob(transcript, connection, 3);
    }
    try (Connection connection = side.open("")) {
      noteLob(side.transcript(), connection, 3);
      Answers.note(side.transcript(), connection, "SELECT COUNT(*) FROM t");
      Answers.note(side.transcript(), connection, "SHUTDOWN COMPACT");
    }
    try (Connection connection = side.open("")) {
      noteLob(side.transcript(), connection, 3);
    }
  }

  private static void insert(Connection connection, int id, byte[] data) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES(?, ?, ?)")) {
      insert.setInt(1, id);
      insert.setBinaryStream(2, new java.io.ByteArrayInputStream(data));
      insert.setCharacterStream(3, new java.io.StringReader("c".repeat(data.length / 2)));
      insert.executeUpdate();
    }
  }

  private static void noteLob(Transcript transcript, Connection connection, int id)
      throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT b, c FROM t WHERE id = " + id)) {
      while (found.next()) {
        Blob blob = found.getBlob(1);
        CRC32 crc = new CRC32();
        try (InputStream stream = blob.getBinaryStream()) {
          byte[] buffer = new byte[8000];
          for (int read = stream.read(buffer); read > 0; read = stream.read(buffer)) {
            crc.update(buffer, 0, read);
          }
        }
        byte[] part = blob.getBytes(blob.length() / 2, 10);
        transcript.note(
            blob.length()
                + " "
                + crc.getValue()
                + " "
                + Arrays.toString(part)
                + " "
                + found.getClob(2).length()
                + " "
                + found.getClob(2).getSubString(5, 5));
      }
    }
  }

  @SuppressWarnings("InputStreamSlowMultibyteRead")
  private static void brokenStream(Side side) throws Exception {
    try (Connection connection = side.open("")) {
      Answers.note(side.transcript(), connection, "CREATE TABLE t(id INT PRIMARY KEY, b BLOB)");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES(1, ?)")) {
        InputStream broken =
            new InputStream() {
              private int given;

              @Override
              public int read() throws java.io.IOException {
                if (given++ > 100_000) {
                  throw new java.io.IOException("the stream broke");
                }
                return 1;
              }
            };
        side.transcript()
            .attempt(
                "insert",
                () -> {
                  insert.setBinaryStream(1, broken);
                  return insert.executeUpdate();
                });
      }
      Answers.note(side.transcript(), connection, "SELECT COUNT(*) FROM t");
    }
  }

  private static void batches(Side side) throws Exception {
    try (Connection connection = side.open("");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(id INT PRIMARY KEY)");
      for (int i : new int[] {1, 2, 2, 3}) {
        statement.addBatch("INSERT INTO t VALUES(" + i + ")");
      }
      try {
        statement.executeBatch();
      } catch (BatchUpdateException e) {
        side.transcript().note(Arrays.toString(e.getUpdateCounts()));
        side.transcript().fail(e);
      }
      Answers.note(side.transcript(), connection, "SELECT * FROM t ORDER BY id");
    }
  }

  private static void updatable(Side side) throws Exception {
    try (Connection connection = side.open("");
        Statement statement =
            connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
      statement.execute("CREATE TABLE t(id INT PRIMARY KEY, v VARCHAR)");
      statement.execute("INSERT INTO t VALUES(1, 'a'), (2, 'b'), (3, 'c')");
      try (ResultSet rows = statement.executeQuery("SELECT * FROM t ORDER BY id")) {
        rows.last();
        rows.updateString(2, "last");
        rows.updateRow();
        rows.first();
        rows.deleteRow();
        rows.moveToInsertRow();
        rows.updateInt(1, 2);
        side.transcript()
            .attempt(
                "insert row",
                () -> {
                  rows.insertRow();
                  return null;
                });
        side.transcript().attempt("far away", () -> rows.absolute(77));
      }
      Answers.note(side.transcript(), connection, "SELECT * FROM t ORDER BY id");
    }
  }

  private static void metaData(Side side) throws Exception {
    try (Connection connection = side.open("")) {
      Answers.note(
          side.transcript(), connection, "CREATE TABLE t(id INT PRIMARY KEY, v VARCHAR(9) UNIQUE)");
      DatabaseMetaData about = connection.getMetaData();
      side.transcript().note(about.getURL() + " " + about.getUserName() + " " + about.isReadOnly());
      side.transcript().note(about.getDatabaseProductVersion() + " " + connection.getCatalog());
      Answers.note(side.transcript(), about.getColumns(null, "PUBLIC", "T", null));
      Answers.note(side.transcript(), about.getIndexInfo(null, "PUBLIC", "T", false, false));
      Answers.note(side.transcript(), about.getPrimaryKeys(null, "PUBLIC", "T"));
      Answers.note(side.transcript(), about.getTables(null, "PUBLIC", null, null));
    }
  }

  /** A transaction's name. */
  private record Name(byte id) implements Xid {
    @Override
    public int getFormatId() {
      return 1;
    }

    @Override
    public byte[] getGlobalTransactionId() {
      return new byte[] {id};
    }

    @Override
    public byte[] getBranchQualifier() {
      return new byte[] {id};
    }
  }

  private static void xa(Side side) throws Exception {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(side.url("db;DB_CLOSE_DELAY=-1"));
    source.setUser("sa");
    XAConnection both = source.getXAConnection();
    try (Connection connection = both.getConnection()) {
      Answers.note(side.transcript(), connection, "CREATE TABLE t(id INT)");
      XAResource resource = both.getXAResource();
      for (byte i = 1; i <= 3; i++) {
        Name name = new Name(i);
        resource.start(name, XAResource.TMNOFLAGS);
        Answers.note(side.transcript(), connection, "INSERT INTO t VALUES(" + i + ")");
        resource.end(name, XAResource.TMSUCCESS);
        if (i == 1) {
          side.transcript().note("prepared " + resource.prepare(name));
          resource.commit(name, false);
        } else if (i == 2) {
          resource.rollback(name);
        } else {
          resource.commit(name, true);
        }
      }
      side.transcript().note("left " + resource.recover(XAResource.TMSTARTRSCAN).length);
      try {
        resource.commit(new Name((byte) 9), false);
      } catch (XAException e) {
        side.transcript().note("unknown " + e.errorCode);
      }
    } finally {
      both.close();
    }
    side.visit("", "SELECT * FROM t ORDER BY id", "SHUTDOWN");
  }

  private static void pool(Side side) throws Exception {
    JdbcConnectionPool pool = JdbcConnectionPool.create(side.url("db"), "sa", "");
    try {
      pool.setMaxConnections(2);
      pool.setLoginTimeout(1);
      try (Connection one = pool.getConnection();
          Connection two = pool.getConnection()) {
        Answers.note(side.transcript(), one, "CREATE TABLE t(a INT)");
        Answers.note(side.transcript(), two, "INSERT INTO t VALUES(1)");
        side.transcript().attempt("a third", pool::getConnection);
      }
    } finally {
      pool.dispose();
    }
    side.visit("", "SELECT * FROM t");
  }

  private static void deadlock(Side side) throws Exception {
    try (Connection one = side.open(";LOCK_TIMEOUT=20000");
        Connection two = side.open("");
        Connection watcher = side.open("")) {
      Answers.note(side.transcript(), one, "CREATE TABLE t(id INT PRIMARY KEY, v INT)");
      Answers.note(side.transcript(), one, "INSERT INTO t VALUES(1, 0), (2, 0)");
      one.setAutoCommit(false);
      two.setAutoCommit(false);
      Answers.note(side.transcript(), one, "UPDATE t SET v = 1 WHERE id = 1");
      Answers.note(side.transcript(), two, "UPDATE t SET v = 2 WHERE id = 2");
      Transcript waiting = new Transcript(side.folder());
      CompletableFuture<Void> blocked =
          CompletableFuture.runAsync(
              () -> Answers.note(waiting, one, "UPDATE t SET v = 1 WHERE id = 2"));
      dev.stream.it.Await.until("one waits for two", () -> isBlocked(watcher));
      Answers.note(side.transcript(), two, "UPDATE t SET v = 2 WHERE id = 1");
      two.rollback();
      blocked.join();
      waiting.lines().forEach(side.transcript()::note);
      one.commit();
      Answers.note(side.transcript(), watcher, "SELECT * FROM t ORDER BY id");
    }
  }

  private static boolean isBlocked(Connection watcher) throws SQLException {
    try (Statement statement = watcher.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL")) {
      found.next();
      return found.getInt(1) > 0;
    }
  }

  private static void cancelled(Side side) throws Exception {
    String slow = "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 100000) a, SYSTEM_RANGE(1, 100000) b";
    try (Connection connection = side.open("");
        Statement statement = connection.createStatement()) {
      Answers.note(side.transcript(), connection, "CREATE TABLE t(a INT)");
      statement.setQueryTimeout(1);
      side.transcript().attempt("out of time", () -> statement.executeQuery(slow));
      Answers.note(side.transcript(), connection, "SELECT COUNT(*) FROM t");
    }
  }

  private static void closed(Side side) throws Exception {
    Connection connection = side.open("");
    Statement statement = connection.createStatement();
    ResultSet results = statement.executeQuery("SELECT 1");
    connection.close();
    side.transcript().attempt("valid", () -> connection.isValid(1));
    side.transcript().attempt("next", results::next);
    side.transcript().attempt("execute", () -> statement.execute("SELECT 1"));
    side.transcript().attempt("create", connection::createStatement);
  }

  private static void tools(Side side) throws Exception {
    side.visit("", "CREATE TABLE t(a INT)", "INSERT INTO t VALUES(1), (2)");
    Transcript transcript = side.transcript();
    transcript.attempt(
        "script",
        () -> {
          org.h2.tools.Script.process(side.url("db"), "sa", "", side.name("out.sql"), "", "");
          return null;
        });
    transcript.attempt(
        "backup",
        () -> {
          org.h2.tools.Backup.execute(side.name("b.zip"), side.name(""), "db", true);
          return null;
        });
    transcript.attempt(
        "delete",
        () -> {
          org.h2.tools.DeleteDbFiles.execute(side.name(""), "db", true);
          return null;
        });
    side.files();
    transcript.attempt(
        "restore",
        () -> {
          org.h2.tools.Restore.execute(side.name("b.zip"), side.name(""), "db");
          return null;
        });
    side.visit("", "SELECT COUNT(*) FROM t");
  }
}
