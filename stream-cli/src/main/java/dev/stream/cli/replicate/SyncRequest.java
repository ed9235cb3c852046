package dev.stream.cli.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.JsonObject;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How {@code stream sync} asks a running {@code stream replicate} to send everything: a file in the
 * shadow directory, which the running process removes when it begins, and an answer beside it when
 * it is done. The directory's owner may remove whatever others put there, so that root may ask a
 * process that is not root's. For use by one thread.
 */
public final class SyncRequest {

  static final String REQUEST = "sync-request-";
  static final String ANSWER = "sync-answer-";
  static final String END = ".json";

  private static final String UNFINISHED = ".part";

  private final Path shadowDir;
  private final String id = UUID.randomUUID().toString();

  private SyncRequest(Path shadowDir) {
    this.shadowDir = shadowDir;
  }

  /**
   * Makes a request.
   *
   * @param deadline when nobody waits for the answer any more
   * @param replica the one that is to have everything; null for all
   * @param answered whether an answer is wanted
   */
  public static SyncRequest make(
      Path shadowDir, Instant deadline, @Nullable String replica, boolean answered)
      throws IOException {
    SyncRequest request = new SyncRequest(shadowDir);
    JsonObject document =
        new JsonObject()
            .with("deadline", deadline.toString())
            .with("replica", replica)
            .with("answered", answered);
    put(shadowDir, REQUEST + request.id, Json.text(document));
    return request;
  }

  /**
   * Puts a file there as a whole, so that nobody reads half of it, and readable for the process of
   * another user; who may not enter the shadow directory does not see it.
   */
  static void put(Path shadowDir, String name, String text) throws IOException {
    Path unfinished = shadowDir.resolve(name + UNFINISHED);
    Files.writeString(unfinished, text);
    try {
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (UnsupportedOperationException e) {
      // This file system knows no such rights.
    }
    Files.move(unfinished, shadowDir.resolve(name + END), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Whether a file of this name is one of a kind: {@link #REQUEST} or {@link #ANSWER}. */
  static boolean isOf(String kind, String name) {
    return name.startsWith(kind) && name.endsWith(END);
  }

  /** Whether the running process has begun. */
  public boolean isTaken() {
    return Files.notExists(shadowDir.resolve(REQUEST + id + END));
  }

  /**
   * The answer: {@code problem}, null if all is there, and {@code generation} and {@code replicas},
   * each with {@code name}, {@code generation} and {@code txId}; null if there is none yet.
   */
  public @Nullable JsonNode answer() throws IOException {
    try {
      return Json.tree(Files.readString(shadowDir.resolve(ANSWER + id + END)));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Where replicas stand, as an answer has it.
   *
   * @param replica the only one that is told of; null for all
   */
  public static List<JsonObject> replicas(StreamStatus status, @Nullable String replica) {
    return status.replicas().stream()
        .filter(one -> replica == null || one.name().equals(replica))
        .map(
            one ->
                new JsonObject()
                    .with("name", one.name())
                    .with("generation", one.generation())
                    .with("txId", one.txId()))
        .toList();
  }

  /** Removes the request and the answer. */
  public void clear() throws IOException {
    Files.deleteIfExists(shadowDir.resolve(REQUEST + id + END));
    Files.deleteIfExists(shadowDir.resolve(ANSWER + id + END));
  }
}
