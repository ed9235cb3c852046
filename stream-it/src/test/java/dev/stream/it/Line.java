package dev.stream.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The lines a process says, read as they come so that it never waits for its reader. */
final class Line {

  private static final String END = "\0end";

  private final String speaker;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> all = new ArrayList<>();

  Line(String speaker, Process process) {
    this.speaker = speaker;
    BufferedReader reader = process.inputReader();
    Thread thread = new Thread(() -> read(reader), "lines of " + speaker);
    thread.setDaemon(true);
    thread.start();
  }

  private void read(BufferedReader reader) {
    try (reader) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (all) {
          all.add(line);
        }
        lines.add(line);
      }
    } catch (IOException | UncheckedIOException e) {
      // The process was killed.
    }
    lines.add(END);
  }

  /** Everything said so far. */
  List<String> all() {
    synchronized (all) {
      return List.copyOf(all);
    }
  }

  /** The lines up to the first one wanted, which is the last. */
  List<String> until(Predicate<String> wanted, String what) throws InterruptedException {
    return until(wanted, what, Await.PATIENCE);
  }

  List<String> until(Predicate<String> wanted, String what, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    List<String> heard = new ArrayList<>();
    while (true) {
      String line = lines.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (line == null || line.equals(END)) {
        throw new AssertionError(
            speaker
                + (line == null ? " did not say in time: " : " ended without saying: ")
                + what
                + "; it said "
                + tail());
      }
      heard.add(line);
      if (wanted.test(line)) {
        return heard;
      }
    }
  }

  private List<String> tail() {
    List<String> said = all();
    return said.subList(Math.max(0, said.size() - 40), said.size());
  }
}
