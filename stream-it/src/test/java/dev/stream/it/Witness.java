package dev.stream.it;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Knows what the database is while nobody writes it: copies the file and its log, and lets SQLite
 * itself put them together in the copy. Processes of its own do that, since this one must never
 * open and close a file on which it may hold SQLite's locks.
 */
public final class Witness implements AutoCloseable {

  private final Path folder;
  private final Process shell;
  private final Writer input;
  private final Line line;
  private int copies;

  public Witness(Path folder) throws IOException {
    this.folder = folder;
    this.shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
    this.input = shell.outputWriter();
    this.line = new Line("witness", shell);
  }

  /** The database's bytes. */
  public byte[] bytes(Path database) throws IOException, InterruptedException {
    Path copy = file(database);
    byte[] bytes = Files.readAllBytes(copy);
    Files.delete(copy);
    return bytes;
  }

  /** The database as a file of its own; the caller deletes it. */
  public Path file(Path database) throws IOException, InterruptedException {
    Path copy = folder.resolve("witness-" + copies++ + ".db");
    // Again if the log was written back, emptied or removed meanwhile.
    String script =
        "look() { stat -c '%%i %%s %%y' '%1$s' '%1$s-wal' 2>&1; };"
            + " until before=$(look); rm -f '%2$s-wal';"
            + " cp '%1$s' '%2$s' && { test ! -e '%1$s-wal' || cp '%1$s-wal' '%2$s-wal'; };"
            + " copied=$?; [ \"$before\" = \"$(look)\" ]; do :; done; test $copied = 0"
            + " && sqlite3 '%2$s' 'PRAGMA wal_checkpoint(TRUNCATE)' >&2; echo \"exit $?\"\n";
    input.write(script.formatted(database, copy));
    input.flush();
    List<String> said = line.until(one -> one.startsWith("exit "), "exit");
    if (!said.get(said.size() - 1).equals("exit 0")) {
      throw new AssertionError("the witness failed: " + said);
    }
    return copy;
  }

  @Override
  public void close() throws IOException {
    input.close();
    shell.destroyForcibly();
  }
}
