package dev.stream.cli.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How {@code stream sync} asks a running {@code stream replicate} to send everything: a file in a
 * folder of the shadow directory, which the running process removes when it begins, and an answer
 * beside it when it is done. For use by one thread.
 */
public final class SyncRequest {

  static final String FOLDER = "sync-requests";
  static final String REQUEST = ".request";
  static final String ANSWER = ".answer";
  static final String UNFINISHED = ".part";

  private static final int TRIES = 20;

  private final Path folder;
  private final String id = UUID.randomUUID().toString();

  private SyncRequest(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes a request.
   *
   * @param deadline when nobody waits for the answer any more
   * @param replica the one that is to have everything; null for all
   */
  public static SyncRequest make(Path shadowDir, Instant deadline, @Nullable String replica)
      throws IOException {
    SyncRequest request = new SyncRequest(shadowDir.resolve(FOLDER));
    JsonObject document =
        new JsonObject().with("deadline", deadline.toString()).with("replica", replica);
    for (int tries = 1; ; tries++) {
      try {
        Files.createDirectories(request.folder);
        put(request.folder, request.id, REQUEST, Json.text(document));
        return request;
      } catch (NoSuchFileException e) { // Another one was answered just now, and cleared it away.
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  /** Puts a file into the folder as a whole, so that nobody reads half of it. */
  static void put(Path folder, String id, String kind, String text) throws IOException {
    Path unfinished = folder.resolve(id + kind + UNFINISHED);
    Files.writeString(unfinished, text);
    Files.move(unfinished, folder.resolve(id + kind), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether the running process has begun. */
  public boolean isTaken() {
    return Files.notExists(folder.resolve(id + REQUEST));
  }

  /**
   * The answer: {@code problem}, null if all is there, and {@code generation} and {@code replicas},
   * each with {@code name}, {@code generation} and {@code txId}; null if there is none yet.
   */
  public @Nullable JsonNode answer() throws IOException {
    try {
      return Json.tree(Files.readString(folder.resolve(id + ANSWER)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Removes the request and the answer. */
  public void clear() throws IOException {
    Files.deleteIfExists(folder.resolve(id + REQUEST));
    Files.deleteIfExists(folder.resolve(id + ANSWER));
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      // Somebody else waits, too.
    }
  }
}
