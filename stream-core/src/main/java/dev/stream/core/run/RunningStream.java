package dev.stream.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stream.core.config.Durations;
import dev.stream.core.monitor.StatusFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow directory tells of the Stream that uses it, seen from another process: one that
 * must not hold the shadow directory itself.
 *
 * @param state whether one runs
 * @param json its {@code status.json}; null if there is none
 * @param problems what is not as it should be, a sentence each; empty only if a Stream runs, is
 *     alive, and finds all well
 */
public record RunningStream(State state, @Nullable String json, List<String> problems) {

  /** Whether a Stream runs. */
  public enum State {
    /** One does. */
    RUNNING,
    /** One has begun, and does not capture yet. */
    STARTING,
    /** One waits for the application to create the database. */
    WAITING,
    /** One is there, and has not told anything for a while: it was stopped, or hangs. */
    FROZEN,
    /** It has ended in good order. */
    STOPPED,
    /** It was killed; the next start goes on. */
    KILLED,
    /** None ever did. */
    NEVER;

    /** Whether a process holds the shadow directory. */
    public boolean isAlive() {
      return this == RUNNING || this == STARTING || this == WAITING || this == FROZEN;
    }
  }

  /** A Stream that is alive tells so every five seconds. */
  static final Duration STALE = Duration.ofSeconds(20);

  private static final String LOCK = "lock";
  private static final int READS = 20;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Looks.
   *
   * @throws IOException if the shadow directory cannot be read
   */
  public static RunningStream of(Path shadowDir) throws IOException {
    boolean ever = Files.exists(shadowDir.resolve(LOCK));
    // The lock alone is proof: a killed Stream leaves "running", and its pid may be another's now.
    Long holder = ever ? holder(shadowDir.resolve(LOCK)) : null;
    return of(ever, holder, status(shadowDir.resolve(StatusFile.NAME)), Clock.systemUTC());
  }

  /**
   * Judges.
   *
   * @param ever whether a Stream has ever used the shadow directory
   * @param holder the pid of the process that holds it, -1 if not known; null if none does
   */
  static RunningStream of(
      boolean ever, @Nullable Long holder, @Nullable JsonNode status, Clock clock) {
    if (status == null) {
      State none = ever ? State.KILLED : State.NEVER;
      return seen(holder == null ? none : State.STARTING, null, clock);
    }
    String last = status.path("state").asText();
    if (holder == null) {
      return seen(last.equals("stopped") ? State.STOPPED : State.KILLED, status, clock);
    }
    boolean itself = holder < 0 || holder == status.path("pid").asLong();
    if (!itself || last.equals("stopped")) {
      return seen(State.STARTING, status, clock); // it has not told yet how it is doing
    }
    if (age(status, clock).compareTo(STALE) > 0) {
      return seen(State.FROZEN, status, clock);
    }
    return seen(last.equals("waiting") ? State.WAITING : State.RUNNING, status, clock);
  }

  /** Whether all is well. */
  public boolean healthy() {
    return problems.isEmpty();
  }

  private static RunningStream seen(State state, @Nullable JsonNode status, Clock clock) {
    List<String> problems = new ArrayList<>();
    switch (state) {
      case RUNNING, WAITING -> {}
      case STARTING -> problems.add("a Stream has begun, and does not capture yet");
      case FROZEN ->
          problems.add(
              "the Stream with pid "
                  + (status == null ? "" : status.path("pid").asText())
                  + " has told nothing for "
                  + Durations.show(status == null ? STALE : age(status, clock))
                  + ": it is stopped, hangs, or cannot write to the shadow directory; commits"
                  + " since then may not be replicated");
      case STOPPED -> problems.add("no Stream runs: commits are not replicated");
      case KILLED ->
          problems.add("no Stream runs, the last one was killed: commits are not replicated");
      case NEVER -> problems.add("no Stream has run with this shadow directory yet");
    }
    if (status != null && (state == State.RUNNING || state == State.WAITING)) {
      status.path("problems").forEach(problem -> problems.add(problem.asText()));
    }
    return new RunningStream(state, status == null ? null : status.toString(), problems);
  }

  private static Duration age(JsonNode status, Clock clock) {
    try {
      Instant told = Instant.parse(status.path("updatedAt").asText());
      return Duration.between(told, clock.instant()).abs(); // the clock may have been set back
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  /** The status; null if there is none. One that is just being written over is read again. */
  private static @Nullable JsonNode status(Path file) throws IOException {
    for (int read = 1; ; read++) {
      try {
        JsonNode status = MAPPER.readTree(Files.readAllBytes(file));
        if (status.isObject()) {
          return status;
        }
        throw new IOException(file + " is no JSON object");
      } catch (NoSuchFileException e) {
        return null; // it is first written when capture has begun
      } catch (IOException e) {
        if (read == READS) {
          throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
    }
  }

  /**
   * The pid of the process that holds the shadow directory, -1 if it does not say; null if none
   * does. Takes the lock for a moment; a Stream that starts just then waits for it. Not for the
   * process that holds it: that would lose it.
   */
  private static @Nullable Long holder(Path file) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        return null;
      }
      ByteBuffer pid = ByteBuffer.allocate(20);
      int unused = channel.read(pid, 0);
      String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).trim();
      return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1L;
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
