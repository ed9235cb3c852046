package dev.stream.source.bolt;

import dev.stream.it.GoProgram;
import dev.stream.it.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A process that has a bolt file open through the real bbolt. For use by one thread. */
final class BoltWriter implements AutoCloseable {

  private static final String MODULE = "stream-it/src/test/go/boltwriter";

  private final Process process;
  private final BufferedReader output;
  private final Writer input;

  private BoltWriter(Process process) {
    this.process = process;
    this.output = process.inputReader();
    this.input = process.outputWriter();
  }

  /** Opens a database for writing; its options are those of the program. */
  static BoltWriter open(Path database, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(GoProgram.of(MODULE).toString());
    command.add(database.toString());
    command.addAll(List.of(options));
    BoltWriter writer =
        new BoltWriter(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    writer.hear();
    return writer;
  }

  /** Opens nothing: to have bbolt judge files. */
  static BoltWriter judge() throws IOException {
    return open(Path.of("-"));
  }

  /** What it answers. */
  String ask(String command) throws IOException {
    tell(command);
    return hear();
  }

  /** Says it without waiting for the answer. */
  void tell(String command) throws IOException {
    input.write(command + "\n");
    input.flush();
  }

  /** Whether the answer is there. */
  boolean hasAnswered() throws IOException {
    return output.ready();
  }

  /** Waits for an answer. */
  String hear() throws IOException {
    String line = output.readLine();
    if (line == null || !line.startsWith("ok")) {
      throw new IOException("boltwriter: " + line);
    }
    return line.substring("ok".length()).strip();
  }

  /** What bbolt finds in a file: the number of the transaction, and the digest of its content. */
  String check(Path file) throws IOException {
    return ask("check " + file);
  }

  void kill() {
    Shell.end(process);
  }

  long pid() {
    return process.pid();
  }

  /**
   * The digest of each transaction that a writer began to commit; the last attempt counts. One for
   * each file, if the database was compacted.
   */
  static Map<String, Set<String>> digests(Path log) throws IOException {
    Map<String, Set<String>> digests = new HashMap<>();
    Map<String, String> ofFile = new HashMap<>();
    for (String line : Files.readAllLines(log)) {
      String[] words = line.split(" ", -1);
      if (words.length == 2) {
        ofFile.put(words[0], words[1]);
      } else {
        ofFile.forEach((txId, digest) -> of(digests, txId).add(digest));
        ofFile.clear();
      }
    }
    ofFile.forEach((txId, digest) -> of(digests, txId).add(digest));
    return digests;
  }

  private static Set<String> of(Map<String, Set<String>> digests, String txId) {
    return digests.computeIfAbsent(txId, unused -> new HashSet<>());
  }

  @Override
  public void close() throws IOException {
    try {
      input.close(); // Ends it, after it has closed the database.
    } finally {
      process.onExit().join();
    }
  }
}
