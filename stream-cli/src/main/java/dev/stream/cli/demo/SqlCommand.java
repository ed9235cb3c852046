package dev.stream.cli.demo;

import dev.stream.cli.command.CliCommand;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ExitCode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs SQL from standard input, a statement per line; the demo's stand-in for {@code sqlite3}. */
@Command(
    name = SqlCommand.NAME,
    hidden = true,
    description = "Runs SQL from standard input on a SQLite database, a statement per line.",
    footer = "  echo 'SELECT 1;' | stream demo-sql app.db")
public final class SqlCommand extends CliCommand {

  public static final String NAME = "demo-sql";

  @Parameters(paramLabel = "DB", description = "The database; made if it is missing.")
  private @Nullable Path database;

  @Override
  protected int run() throws Exception {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (statement.execute(line)) {
          print(statement.getResultSet());
        }
        out().flush();
      }
    } catch (SQLException e) {
      throw CommandFailure.failed(e.getMessage() + " (" + database + ")");
    }
    return ExitCode.DONE;
  }

  private void print(ResultSet rows) throws SQLException {
    try (rows) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int column = 1; column <= columns; column++) {
          row.append(column == 1 ? "" : "|").append(rows.getString(column));
        }
        out().println(row);
      }
    }
  }
}
