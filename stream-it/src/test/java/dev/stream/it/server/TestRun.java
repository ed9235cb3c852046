package dev.stream.it.server;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A JVM that runs tests, so that what it left behind can be told from what it still uses. */
record TestRun(long pid, long startedMillis) {

  /** The start of a process, as the system tells it, wanders with its clock. */
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  static TestRun current() {
    ProcessHandle self = ProcessHandle.current();
    return new TestRun(self.pid(), started(self));
  }

  /** Reads back what {@link #toString} gave. */
  static Optional<TestRun> parse(String text) {
    String[] parts = text.split("-", -1);
    try {
      return parts.length == 2
          ? Optional.of(new TestRun(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  boolean isAlive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(same -> Math.abs(started(same) - startedMillis) <= TOLERANCE.toMillis())
        .isPresent();
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  @Override
  public String toString() {
    return pid + "-" + startedMillis;
  }
}
