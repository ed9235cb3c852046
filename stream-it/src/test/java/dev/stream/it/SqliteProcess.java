package dev.stream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Somebody else who uses the database: the {@code sqlite3} shell in a process of its own, told what
 * to do through its input. Any error that it reports fails the test: a writer beside Stream must
 * never see one. For one thread.
 */
public final class SqliteProcess implements AutoCloseable {

  private static final String DONE = "done-";

  private final Process process;
  private final Writer input;
  private final Line line;
  private long asked;

  public SqliteProcess(Path database) throws IOException {
    process =
        new ProcessBuilder("sqlite3", "-batch", database.toString())
            .redirectErrorStream(true)
            .start();
    input = process.outputWriter();
    line = new Line("sqlite3 " + process.pid(), process);
    send(".timeout 30000");
  }

  /** A new database in WAL mode. */
  public static void create(Path database, int pageSize, String vacuum, String schema)
      throws Exception {
    try (SqliteProcess sqlite = new SqliteProcess(database)) {
      sqlite.run("PRAGMA page_size=" + pageSize + ";");
      sqlite.run("PRAGMA auto_vacuum=" + vacuum + ";");
      sqlite.run("PRAGMA journal_mode=WAL;");
      sqlite.run(schema);
    }
  }

  /** Runs a script to its end and returns what it said. */
  public List<String> run(String sql) throws InterruptedException {
    send(sql);
    return await();
  }

  /** Hands a script over. */
  public void send(String sql) {
    try {
      input.write(sql);
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until everything handed over is done, and returns what was said meanwhile. */
  public List<String> await() throws InterruptedException {
    String mark = DONE + ++asked;
    send(".print " + mark);
    List<String> said = line.until(mark::equals, mark);
    said.remove(said.size() - 1);
    for (String one : said) {
      if (one.contains("rror")) {
        throw new AssertionError("a writer saw: " + one);
      }
    }
    return said;
  }

  /** The one value that a query yields. */
  public String value(String query) throws InterruptedException {
    List<String> said = run(query);
    if (said.size() != 1) {
      throw new AssertionError(query + " said " + said);
    }
    return said.get(0);
  }

  /** Everything said so far. */
  List<String> said() {
    return line.all();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    Shell.end(process);
  }

  /** Ends it orderly; the last one to leave a database writes the log back and removes it. */
  void leave() {
    try {
      input.close();
      process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    } catch (IOException e) {
      // It is dead already.
    } finally {
      kill();
    }
  }

  @Override
  public void close() {
    leave();
  }
}
