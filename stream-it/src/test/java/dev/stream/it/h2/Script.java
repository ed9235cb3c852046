package dev.stream.it.h2;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Statements, one per line, all of whose answers are noted. A line may begin with the number of its
 * connection, {@code 2:}; connections are opened as they are named. Lines with an exclamation mark
 * are calls of JDBC: {@code !manual}, {@code !commit}, {@code !rollback}, {@code !savepoint name},
 * {@code !undo name}, {@code !close}, {@code !open ;SETTINGS}. In a statement <code>{dir}</code> is
 * the folder as H2 is given it, and <code>{plain}</code> the folder for those functions of H2 that
 * take no file system of its own.
 */
final class Script {

  private final Side side;
  private final Map<String, Connection> connections = new TreeMap<>();
  private final Map<String, Savepoint> savepoints = new HashMap<>();

  Script(Side side) {
    this.side = side;
  }

  void run(String text) throws SQLException {
    try {
      for (String line : text.strip().split("\n", -1)) {
        String who = line.matches("[0-9]: .*") ? line.substring(0, 1) : "1";
        String what = line.matches("[0-9]: .*") ? line.substring(3) : line;
        if (what.startsWith("!")) {
          String[] call = what.split(" ", 2);
          side.transcript().attempt(line, () -> call(who, call[0], call.length > 1 ? call[1] : ""));
        } else if (!what.isBlank()) {
          side.transcript().note(who);
          String statement =
              what.replace("{dir}", side.name("").replaceAll("/$", ""))
                  .replace("{plain}", side.folder().toString());
          Answers.note(side.transcript(), connection(who), statement);
        }
      }
    } finally {
      for (Connection connection : connections.values()) {
        connection.close();
      }
    }
  }

  private Connection connection(String who) throws SQLException {
    Connection connection = connections.get(who);
    if (connection == null) {
      connection = side.open("");
      connections.put(who, connection);
    }
    return connection;
  }

  private @Nullable Object call(String who, String what, String detail) throws SQLException {
    switch (what) {
      case "!manual" -> connection(who).setAutoCommit(false);
      case "!commit" -> connection(who).commit();
      case "!rollback" -> connection(who).rollback();
      case "!savepoint" -> savepoints.put(detail, connection(who).setSavepoint(detail));
      case "!undo" -> connection(who).rollback(savepoints.get(detail));
      case "!close" -> connections.remove(who).close();
      case "!open" -> connections.put(who, side.open(detail));
      default -> throw new IllegalArgumentException(what);
    }
    return null;
  }
}
