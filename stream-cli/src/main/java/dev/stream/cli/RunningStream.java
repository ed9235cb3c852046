package dev.stream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow directory tells of the Stream that uses it, seen from another process.
 *
 * @param state whether one runs
 * @param status its {@code status.json}; null if there is none
 */
record RunningStream(State state, @Nullable JsonNode status) {

  private static final String LOCK = "lock";

  /** A running Stream writes its status at least every ten seconds. */
  private static final Duration FRESH = Duration.ofSeconds(15);

  /** Whether a Stream runs. */
  enum State {
    /** One does. */
    RUNNING,
    /** It has ended in good order. */
    STOPPED,
    /** It was killed; the next start goes on. */
    KILLED,
    /** None ever did. */
    NEVER
  }

  static RunningStream of(Path shadowDir) throws IOException {
    JsonNode status;
    try {
      status = Json.mapper().readTree(Files.readAllBytes(shadowDir.resolve("status.json")));
    } catch (NoSuchFileException e) {
      // It is first written a second after the start.
      State state = Files.exists(shadowDir.resolve(LOCK)) ? State.KILLED : State.NEVER;
      return new RunningStream(isLocked(shadowDir) ? State.RUNNING : state, null);
    }
    if (!status.path("state").asText().equals("running")) {
      // A successor holds the lock for a while before it writes.
      return new RunningStream(isLocked(shadowDir) ? State.RUNNING : State.STOPPED, status);
    }
    boolean runs = (isFresh(status) && isAlive(status)) || isLocked(shadowDir);
    return new RunningStream(runs ? State.RUNNING : State.KILLED, status);
  }

  private static boolean isFresh(JsonNode status) {
    try {
      Instant at = Instant.parse(status.path("updatedAt").asText());
      return Duration.between(at, Instant.now()).compareTo(FRESH) < 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean isAlive(JsonNode status) {
    return ProcessHandle.of(status.path("pid").asLong()).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Takes the lock for a moment, which only the file's own process could lose by that. */
  private static boolean isLocked(Path shadowDir) throws IOException {
    Path file = shadowDir.resolve(LOCK);
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    }
  }
}
