package dev.stream.it.h2;

import dev.stream.it.h2.KillWork.Cell;
import dev.stream.it.h2.KillWork.Put;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An H2 database, each writer with a connection of its own. */
final class SqlKillStore implements KillStore {

  private static final String[] SCHEMA = {
    "CREATE TABLE IF NOT EXISTS tally(w INT PRIMARY KEY, n INT)",
    "CREATE TABLE IF NOT EXISTS t0(w INT, k INT, v VARBINARY(1000), PRIMARY KEY(w, k))",
    "CREATE TABLE IF NOT EXISTS t1(w INT, k INT, v VARBINARY(1000), PRIMARY KEY(w, k))",
    "CREATE INDEX IF NOT EXISTS i1 ON t1(v)",
    "CREATE TABLE IF NOT EXISTS t2(w INT, k INT, v BLOB, PRIMARY KEY(w, k))"
  };

  private final List<Connection> connections = new ArrayList<>();

  SqlKillStore(Path file, String scheme) throws SQLException {
    String url = ObservedH2.url(scheme, file);
    for (int writer = 0; writer < KillWork.WRITERS; writer++) {
      connections.add(DriverManager.getConnection(url));
    }
    for (String sql : SCHEMA) {
      execute(connections.get(0), sql);
    }
    for (Connection connection : connections) {
      connection.setAutoCommit(false);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public int number(int writer) throws SQLException {
    try (Statement statement = connections.get(writer).createStatement();
        ResultSet row = statement.executeQuery("SELECT n FROM tally WHERE w=" + writer)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  @Override
  public void commit(int writer, int number, List<Put> puts) throws SQLException {
    Connection connection = connections.get(writer);
    apply(connection, writer, puts);
    execute(connection, "MERGE INTO tally KEY(w) VALUES(" + writer + "," + number + ")");
    connection.commit();
  }

  @Override
  public void undo(int writer, List<Put> puts) throws SQLException {
    Connection connection = connections.get(writer);
    apply(connection, writer, puts);
    connection.rollback();
  }

  private static void apply(Connection connection, int writer, List<Put> puts) throws SQLException {
    for (Put put : puts) {
      String table = "t" + put.cell().table();
      String sql =
          put.value() == null
              ? "DELETE FROM " + table + " WHERE w=? AND k=?"
              : "MERGE INTO " + table + " KEY(w, k) VALUES(?, ?, ?)";
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setInt(1, writer);
        statement.setInt(2, put.cell().key());
        if (put.value() != null) {
          statement.setBytes(3, put.value());
        }
        statement.executeUpdate();
      }
    }
  }

  @Override
  public void checkpoint() throws SQLException {
    execute(connections.get(0), "CHECKPOINT SYNC");
  }

  @Override
  public Map<Cell, ByteBuffer> rows(int writer) throws SQLException {
    Map<Cell, ByteBuffer> rows = new HashMap<>();
    for (int table = 0; table < KillWork.TABLES; table++) {
      try (Statement statement = connections.get(writer).createStatement();
          ResultSet row =
              statement.executeQuery("SELECT k, v FROM t" + table + " WHERE w=" + writer)) {
        while (row.next()) {
          rows.put(new Cell(table, row.getInt(1)), ByteBuffer.wrap(row.getBytes(2)));
        }
      }
    }
    return rows;
  }

  @Override
  public void compactAndClose() throws SQLException {
    execute(connections.get(0), "SHUTDOWN COMPACT");
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
