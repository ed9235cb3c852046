package dev.stream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow directory tells of the Stream that uses it, seen from another process.
 *
 * @param state whether one runs
 * @param status its {@code status.json}; null if there is none
 */
record RunningStream(State state, @Nullable JsonNode status) {

  private static final String LOCK = "lock";

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
    // The lock alone is proof: a killed Stream leaves "running", and its pid may be another's now.
    // A successor holds it for a while before it writes.
    if (isLocked(shadowDir)) {
      return new RunningStream(State.RUNNING, status);
    }
    boolean ended = !status.path("state").asText().equals("running");
    return new RunningStream(ended ? State.STOPPED : State.KILLED, status);
  }

  /**
   * Takes the lock for a moment; a Stream that starts just then waits for it. Not for the process
   * that holds it: that would lose it.
   */
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
