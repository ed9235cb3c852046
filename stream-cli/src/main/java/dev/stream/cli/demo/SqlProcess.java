package dev.stream.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process that runs SQL on a database: the {@code sqlite3} tool, or a JVM with JDBC. */
public final class SqlProcess implements AutoCloseable {

  private static final String DONE = "--done--";

  private final Process process;
  private final Writer input;
  private final BufferedReader output;
  private final Path errors;

  private SqlProcess(Process process, Path errors) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.errors = errors;
  }

  public static SqlProcess start(Path database, Path folder) throws IOException {
    List<String> command =
        hasSqlite3()
            ? List.of("sqlite3", "-batch", "-bail", database.toString())
            : Launcher.command(SqlCommand.NAME, database.toString());
    Path errors = folder.resolve("sql.log");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    return new SqlProcess(process, errors);
  }

  static boolean hasSqlite3() {
    if (Boolean.getBoolean("stream.demo.jdbc")) { // Tests pretend that there is no such tool.
      return false;
    }
    try {
      Process version = new ProcessBuilder("sqlite3", "--version").start();
      version.getInputStream().readAllBytes();
      return version.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  long pid() {
    return process.pid();
  }

  /** Runs statements; returns the rows that they yield, columns separated by a bar. */
  public List<String> run(List<String> statements) throws IOException {
    try {
      for (String statement : statements) {
        input.write(statement + "\n");
      }
      input.write("SELECT '" + DONE + "';\n");
      input.flush();
    } catch (IOException e) {
      throw new IOException("the SQL process has ended: " + Files.readString(errors).trim(), e);
    }
    List<String> rows = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(DONE)) {
        return rows;
      }
      rows.add(line);
    }
    throw new IOException("the SQL process has failed: " + Files.readString(errors).trim());
  }

  /** The last row that a statement yields. */
  String ask(String statement) throws IOException {
    List<String> rows = run(List.of(statement));
    return rows.isEmpty() ? "" : rows.get(rows.size() - 1);
  }

  /** Ends the input, upon which the process ends, and waits for that. */
  @Override
  public void close() throws IOException {
    try {
      input.close();
    } finally {
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
      }
    }
  }
}
