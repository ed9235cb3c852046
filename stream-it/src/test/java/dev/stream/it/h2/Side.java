package dev.stream.it.h2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One of the two runs of a scenario: plain, or through Stream. */
final class Side {

  private final Path folder;
  private final String scheme;
  private final Transcript transcript;

  /**
   * @param scheme what stands before a path: nothing, or {@code stream:}
   */
  Side(Path folder, String scheme) {
    this.folder = folder;
    this.scheme = scheme;
    this.transcript = new Transcript(folder);
  }

  Transcript transcript() {
    return transcript;
  }

  Path folder() {
    return folder;
  }

  /** A name in the folder, as H2 is given it. */
  String name(String name) {
    return scheme + folder.resolve(name);
  }

  /** The part before a path. */
  String scheme() {
    return scheme;
  }

  /** A connection as administrator, without error handling: for what must work. */
  Connection open(String settings) throws SQLException {
    return DriverManager.getConnection(url("db" + settings), "sa", "");
  }

  String url(String nameAndSettings) {
    return "jdbc:h2:" + name(nameAndSettings);
  }

  /** Notes what came of opening a database; null if it was refused. */
  @Nullable Connection tryOpen(String url, String user, String password) {
    try {
      Connection connection = DriverManager.getConnection(url, user, password);
      transcript.note("opened, read-only " + connection.isReadOnly());
      return connection;
    } catch (SQLException e) {
      transcript.note("refused");
      transcript.fail(e);
      return null;
    }
  }

  /** Opens a database, asks it something, closes it. */
  void visitAs(String url, String user, String password, String... statements) throws SQLException {
    try (Connection connection = tryOpen(url, user, password)) {
      if (connection != null) {
        for (String statement : statements) {
          Answers.note(transcript, connection, statement);
        }
      }
    }
  }

  /** Opens the database named db as its administrator. */
  void visit(String settings, String... statements) throws SQLException {
    visitAs(url("db" + settings), "sa", "", statements);
  }

  /** Runs statements in connections of their own; see {@link Script}. */
  void script(String text) throws SQLException {
    new Script(this).run(text);
  }

  /**
   * Notes which files there are; what H2 makes up in their names, and whose number, is left out.
   */
  void files() throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      List<String> names =
          found
              .filter(Files::isRegularFile)
              // What H2's threads note in it when a database closes differs from run to run.
              .filter(file -> !file.toString().endsWith(".trace.db"))
              .map(file -> folder.relativize(file).toString().replaceAll("[0-9]{4,}", "#"))
              .distinct()
              .sorted()
              .toList();
      transcript.note("files " + names);
    }
  }
}
