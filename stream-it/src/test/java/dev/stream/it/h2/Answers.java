package dev.stream.it.h2;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.StringJoiner;

/** All that JDBC answers to a statement, noted. */
final class Answers {

  private Answers() {}

  static void note(Transcript transcript, Connection connection, String sql) {
    transcript.note("> " + sql);
    try (Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql, Statement.RETURN_GENERATED_KEYS);
      for (SQLWarning next = statement.getWarnings(); next != null; next = next.getNextWarning()) {
        transcript.fail(next);
      }
      if (rows) {
        try (ResultSet results = statement.getResultSet()) {
          note(transcript, results);
        }
      } else {
        transcript.note("count " + statement.getLargeUpdateCount());
        try (ResultSet keys = statement.getGeneratedKeys()) {
          note(transcript, keys);
        }
      }
      for (SQLWarning next = connection.getWarnings(); next != null; next = next.getNextWarning()) {
        transcript.fail(next);
      }
    } catch (SQLException e) {
      transcript.fail(e);
    }
  }

  static void note(Transcript transcript, ResultSet results) throws SQLException {
    ResultSetMetaData columns = results.getMetaData();
    StringJoiner header = new StringJoiner(" | ");
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      header.add(
          "%s %s(%d,%d) %s null %d auto %b"
              .formatted(
                  columns.getColumnLabel(i),
                  columns.getColumnTypeName(i),
                  columns.getPrecision(i),
                  columns.getScale(i),
                  columns.getColumnClassName(i),
                  columns.isNullable(i),
                  columns.isAutoIncrement(i)));
    }
    transcript.note(header.toString());
    while (results.next()) {
      StringJoiner row = new StringJoiner(" | ");
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        row.add(results.getString(i));
      }
      transcript.note(row.toString());
    }
  }
}
