package dev.stream.cli.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.output.Json;
import dev.stream.cli.output.JsonObject;
import dev.stream.core.StreamController;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  private final Path folder;
  private final StreamController controller;
  private final AtomicInteger waiting = new AtomicInteger();

  SyncRequests(Path shadowDir, StreamController controller) {
    this.folder = shadowDir.resolve(SyncRequest.FOLDER);
    this.controller = controller;
  }

  /** Begins with what was asked for since the last call. */
  void serve() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> requests = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(folder, "*" + SyncRequest.REQUEST)) {
      found.forEach(requests::add);
    } catch (NoSuchFileException e) {
      return; // The last one who waited has cleared it away.
    } catch (IOException e) {
      LOG.warn("cannot look for the requests of 'stream sync' in {}: {}", folder, e.toString());
      return;
    }
    for (Path request : requests) {
      if (waiting.get() >= MOST_AT_ONCE) {
        return;
      }
      take(request);
    }
  }

  private void take(Path file) {
    String name = file.getFileName().toString();
    String id = name.substring(0, name.length() - SyncRequest.REQUEST.length());
    JsonNode request;
    Instant deadline;
    try {
      request = Json.mapper().readTree(Files.readString(file));
      deadline = Instant.parse(request.path("deadline").asText());
      Files.delete(file);
    } catch (NoSuchFileException e) {
      return; // It was withdrawn.
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot take the request {}: {}", file, e.toString());
      return;
    }
    Duration patience = Duration.between(Instant.now(), deadline);
    if (patience.isNegative()) {
      return; // Nobody waits any more: it is from before this process began.
    }
    String replica = request.path("replica").textValue();
    waiting.incrementAndGet();
    Thread thread = new Thread(() -> answer(id, patience, replica), "stream-sync-request");
    thread.setDaemon(true);
    thread.start();
  }

  private void answer(String id, Duration patience, @Nullable String replica) {
    try {
      String problem = null;
      try {
        if (replica == null) {
          controller.sync(patience);
        } else {
          controller.sync(patience, replica);
        }
      } catch (IOException | RuntimeException e) {
        problem = ErrorMessage.of(e);
      }
      SyncRequest.put(
          folder,
          id,
          SyncRequest.ANSWER,
          Json.text(document(controller.status(), replica).with("problem", problem)));
    } catch (NoSuchFileException e) {
      LOG.debug("nobody waits for the answer {} any more", id);
    } catch (IOException e) {
      LOG.warn("cannot answer a request of 'stream sync' in {}: {}", folder, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Where replicas stand. */
  static JsonObject document(StreamStatus status, @Nullable String replica) {
    return new JsonObject()
        .with("generation", status.generation())
        .with(
            "replicas",
            status.replicas().stream()
                .filter(one -> replica == null || one.name().equals(replica))
                .map(
                    one ->
                        new JsonObject()
                            .with("name", one.name())
                            .with("generation", one.generation())
                            .with("txId", one.txId()))
                .toList());
  }
}
