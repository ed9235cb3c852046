package dev.stream.cli.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.JsonObject;
import dev.stream.core.StreamController;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what {@code stream sync} asks of this process. {@link #serve} is for one thread; each
 * request waits for the replicas in a thread of its own.
 */
final class SyncRequests {

  private static final Logger LOG = LoggerFactory.getLogger(SyncRequests.class);

  /** More wait until others are answered. */
  private static final int MOST_AT_ONCE = 8;

  private final Path shadowDir;
  private final StreamController controller;
  private final AtomicInteger waiting = new AtomicInteger();

  /** What could neither be read nor removed, and is told of once. */
  private final Set<Path> passedOver = new HashSet<>();

  SyncRequests(Path shadowDir, StreamController controller) {
    this.shadowDir = shadowDir;
    this.controller = controller;
  }

  /** Removes answers that nobody waits for any more: those of a process before this one. */
  void discardAnswers() {
    for (Path answer : files(SyncRequest.ANSWER)) {
      try {
        Files.deleteIfExists(answer);
      } catch (IOException e) {
        LOG.debug("{} stays: {}", answer, e.toString());
      }
    }
  }

  /** Begins with what was asked for since the last call. */
  void serve() {
    for (Path request : files(SyncRequest.REQUEST)) {
      if (waiting.get() < MOST_AT_ONCE && !passedOver.contains(request)) {
        take(request);
      }
    }
  }

  /** In one call: for most looks there is nothing, and they should cost nothing. */
  private List<Path> files(String kind) {
    List<Path> files = new ArrayList<>();
    String[] names = shadowDir.toFile().list();
    if (names == null) {
      LOG.debug("cannot look into {}", shadowDir); // capture tells of that
      return files;
    }
    for (String name : names) {
      if (SyncRequest.isOf(kind, name)) {
        files.add(shadowDir.resolve(name));
      }
    }
    return files;
  }

  private void take(Path file) {
    String name = file.getFileName().toString();
    String id =
        name.substring(SyncRequest.REQUEST.length(), name.length() - SyncRequest.END.length());
    JsonNode request = null;
    Instant deadline = Instant.MIN;
    try {
      request = Json.mapper().readTree(Files.readString(file));
      deadline = Instant.parse(request.path("deadline").asText());
    } catch (NoSuchFileException e) {
      return; // It was withdrawn.
    } catch (IOException | RuntimeException e) {
      LOG.warn("the request {} cannot be read, and is passed over: {}", file, e.toString());
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("the request {} cannot be taken, and is passed over: {}", file, e.toString());
      passedOver.add(file);
      return;
    }
    if (request == null) {
      return;
    }
    Duration patience = Duration.between(Instant.now(), deadline);
    if (patience.isNegative()) {
      return; // Nobody waits any more: it is from before this process began.
    }
    String replica = request.path("replica").textValue();
    boolean answered = request.path("answered").asBoolean();
    waiting.incrementAndGet();
    Thread thread =
        new Thread(() -> sync(answered ? id : null, patience, replica), "stream-sync-request");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Sends everything.
   *
   * @param id names the request that is to be answered; null for none
   */
  private void sync(@Nullable String id, Duration patience, @Nullable String replica) {
    try {
      String problem = null;
      try {
        controller.sync(patience, replica);
      } catch (IOException | RuntimeException e) {
        problem = ErrorMessage.of(e);
      }
      if (id != null) {
        StreamStatus status = controller.status();
        JsonObject answer =
            new JsonObject()
                .with("generation", status.generation())
                .with("replicas", SyncRequest.replicas(status, replica))
                .with("problem", problem);
        SyncRequest.put(shadowDir, SyncRequest.ANSWER + id, Json.text(answer));
      }
    } catch (IOException e) {
      LOG.warn("cannot answer a request of 'stream sync' in {}: {}", shadowDir, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
  }
}
