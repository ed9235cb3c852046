package dev.stream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.process.FolderRemoval;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** One run of the demo, which explains each of its steps. For use once. */
final class DemoRun {

  private static final long PAUSE_MILLIS = 3;
  private static final long CATCH_UP_SECONDS = 30;

  private final Path folder;
  private final int seconds;
  private final boolean keep;
  private final PrintWriter out;
  private final Path database;
  private final Path backup;
  private final Path shadow;
  private final Path reference;

  DemoRun(Path folder, int seconds, boolean keep, PrintWriter out) {
    this.folder = folder;
    this.seconds = seconds;
    this.keep = keep;
    this.out = out;
    this.database = folder.resolve("shop.db");
    this.backup = folder.resolve("backup");
    this.shadow = folder.resolve("shop.db.stream");
    this.reference = folder.resolve("reference.db");
  }

  /** What is remembered of the database before it is lost. */
  private record Before(String rows, String sha256) {}

  /** Runs the demo; returns whether the restored database is proven equal to the lost one. */
  boolean run() throws IOException, InterruptedException, CommandFailure {
    say("Stream demo: a live SQLite database is lost, and comes back byte for byte.");
    say("Everything happens in " + folder + (keep ? "." : ", which is removed at the end."));
    DemoStream stream;
    try (SqlProcess sql = SqlProcess.start(database, folder)) {
      stream = replicate(sql);
    }
    caughtUp(stream);
    Before before = remember();
    lose();
    restore();
    boolean proven = prove(before);
    if (proven) {
      explain();
    }
    return proven;
  }

  private DemoStream replicate(SqlProcess sql)
      throws IOException, InterruptedException, CommandFailure {
    DemoWorkload workload = new DemoWorkload(sql);
    workload.create();
    step(1, "Another process creates a database and keeps writing to it.");
    detail(
        "shop.db, written by "
            + (SqlProcess.hasSqlite3()
                ? "the sqlite3 tool"
                : "a second Java process with JDBC (no sqlite3 tool is installed)")
            + ", pid "
            + sql.pid());
    step(2, "Stream replicates it to the folder 'backup'; nothing in the writer changes for that.");
    detail("$ stream replicate shop.db backup");
    long startedAt = System.nanoTime();
    DemoStream stream = DemoStream.start(folder, database, backup, shadow);
    stream.awaitReady();
    detail("ready after " + since(startedAt) + ", pid " + stream.pid());
    step(3, "For " + seconds + " s the writer inserts, updates, deletes, checkpoints and VACUUMs.");
    write(workload, stream);
    return stream;
  }

  private void write(DemoWorkload workload, DemoStream stream)
      throws IOException, InterruptedException {
    long startedAt = System.nanoTime();
    int reports = 0;
    boolean checkpointed = false;
    boolean vacuumed = false;
    while (true) {
      double passed = (System.nanoTime() - startedAt) / 1e9;
      if (passed >= seconds) {
        break;
      }
      workload.transaction();
      if (!checkpointed && passed > seconds * 0.4) {
        checkpointed = true;
        workload.checkpoint();
      }
      if (!vacuumed && passed > seconds * 0.6) {
        vacuumed = true;
        workload.vacuum();
      }
      if (passed >= reports + 1 && (seconds <= 10 || passed >= reports + 10)) {
        reports = (int) passed;
        progress(reports, workload, stream);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    detail(
        "writer   "
            + ValueFormat.count(workload.transactions(), "transaction")
            + " in all; shop.db has "
            + ValueFormat.bytes(Files.size(database)));
  }

  private void progress(int second, DemoWorkload workload, DemoStream stream) throws IOException {
    JsonNode replica = stream.status().path("replicas").path(0);
    detail(
        String.format(
            Locale.ROOT,
            "%2d s     %s written; the replica has %s, behind by %s",
            second,
            ValueFormat.count(workload.transactions(), "transaction"),
            ValueFormat.bytes(treeSize(backup)),
            ValueFormat.duration(
                Duration.ofMillis(replica.path("dataLossWindowMillis").asLong()))));
  }

  private void caughtUp(DemoStream stream)
      throws IOException, InterruptedException, CommandFailure {
    step(4, "The writer ends. Stream catches up, and is stopped with SIGTERM.");
    if (!stream.awaitCaughtUp(CATCH_UP_SECONDS)) {
      throw CommandFailure.failed("the replica did not catch up:\n" + stream.log());
    }
    detail("replica  has everything: " + ValueFormat.bytes(treeSize(backup)) + " in 'backup'");
    long startedAt = System.nanoTime();
    int exit = stream.stop();
    if (exit != ExitCode.DONE) {
      throw CommandFailure.failed("'stream replicate' ended with " + exit + ":\n" + stream.log());
    }
    detail("stopped  exit code 0 after " + since(startedAt) + ": nothing is left to send");
  }

  private Before remember() throws IOException {
    String rows;
    try (SqlProcess sql = SqlProcess.start(database, folder)) {
      // What is still in the log goes into the file, so that files can be compared.
      sql.ask("PRAGMA wal_checkpoint(TRUNCATE);");
      rows = sql.ask("SELECT count(*) FROM orders;");
    }
    Files.copy(database, reference);
    String sha256 = sha256(reference);
    detail("kept     a copy to compare with: " + describe(rows, reference, sha256));
    return new Before(rows, sha256);
  }

  private void lose() throws IOException {
    step(5, "The database is lost, and Stream's own working folder with it. 'backup' is left.");
    detail("$ rm -r shop.db shop.db-wal shop.db-shm shop.db.stream");
    Files.delete(database);
    Files.deleteIfExists(folder.resolve("shop.db-wal"));
    Files.deleteIfExists(folder.resolve("shop.db-shm"));
    FolderRemoval.remove(shadow);
  }

  private void restore() throws IOException, InterruptedException, CommandFailure {
    step(6, "It is restored from 'backup' alone.");
    detail("$ stream restore --from backup --output shop.db");
    Process process =
        new ProcessBuilder(
                Launcher.command(
                    "restore", "--from", backup.toString(), "--output", database.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    output.lines().forEach(this::detail);
    int exit = process.waitFor();
    if (exit != ExitCode.DONE) {
      throw CommandFailure.failed("'stream restore' ended with " + exit);
    }
  }

  private boolean prove(Before before) throws IOException {
    step(7, "Is it the same?");
    long difference = Files.mismatch(reference, database);
    String sha256 = sha256(database);
    String rows;
    String sound;
    // SQLite opens a copy, because opening a database may change it.
    Path opened = Files.copy(database, folder.resolve("opened.db"));
    try (SqlProcess sql = SqlProcess.start(opened, folder)) {
      rows = sql.ask("SELECT count(*) FROM orders;");
      sound = sql.ask("PRAGMA integrity_check;");
    }
    detail("before   " + describe(before.rows(), reference, before.sha256()));
    detail("after    " + describe(rows, database, sha256));
    detail("SQLite   integrity_check: " + sound);
    boolean equal =
        difference == -1
            && sha256.equals(before.sha256())
            && rows.equals(before.rows())
            && sound.equals("ok");
    say("");
    say(
        equal
            ? "Proven: every byte is as it was."
            : "NOT EQUAL" + (difference >= 0 ? ", from byte " + difference + " on" : "") + ".");
    return equal;
  }

  private void explain() {
    say("");
    say("The same for a database of yours:");
    say("  stream replicate /path/to/app.db /path/to/backups     until Ctrl-C or SIGTERM");
    say("  stream verify  --from /path/to/backups                reads back, proves");
    say("  stream restore --from /path/to/backups --output /path/to/restored.db");
    say("'stream --help' has the rest; README.md shows a configuration for several replicas.");
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  private void step(int number, String text) {
    say("");
    say(number + ". " + text);
  }

  private void detail(String text) {
    say("   " + text);
  }

  private static String since(long nanoTime) {
    return ValueFormat.duration(Duration.ofNanos(System.nanoTime() - nanoTime));
  }

  private static String describe(String rows, Path file, String sha256) throws IOException {
    return String.format(
        Locale.ROOT,
        "%s rows, %,d bytes, SHA-256 %s…",
        rows,
        Files.size(file),
        sha256.substring(0, 16));
  }

  private static long treeSize(Path root) throws IOException {
    if (!Files.exists(root)) {
      return 0;
    }
    long size = 0;
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        size += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
    } catch (java.io.UncheckedIOException e) {
      return size; // A file was moved meanwhile; the size is only shown to people.
    } catch (java.nio.file.NoSuchFileException e) {
      return size;
    }
    return size;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("this Java has no SHA-256", e);
    }
  }
}
