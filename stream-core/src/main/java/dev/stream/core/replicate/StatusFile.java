package dev.stream.core.replicate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.core.ReplicaStatus;
import dev.stream.core.StreamStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code status.json} in the shadow directory: how a running Stream is doing, for other processes.
 * Replaced as a whole, at most once a second, when something changed or after ten seconds.
 *
 * <p>Keys: {@code state} ({@code running} or {@code stopped}), {@code pid}, {@code updatedAt},
 * {@code database}, {@code generation}, {@code reason}, {@code txId}, {@code capturing}, {@code
 * error}, {@code captureFailures}, {@code compactionError}, {@code compactionFailingSince}, {@code
 * shadowBytes}, {@code dataLossWindowMillis}, {@code replicas} with {@code name}, {@code store},
 * {@code generation}, {@code txId}, {@code pendingArtefacts}, {@code pendingBytes}, {@code error},
 * {@code dataLossWindowMillis}. A process that was killed leaves {@code running}: whoever reads it
 * must also try the lock, or look at {@code updatedAt}.
 */
public final class StatusFile {

  /** Its name in the shadow directory. */
  public static final String NAME = "status.json";

  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final ObjectMapper mapper = new ObjectMapper();
  private final Path folder;
  private final Clock clock;
  private final Episode episode = new Episode();
  private String written = "";
  private Instant writtenAt = Instant.EPOCH;

  StatusFile(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Writes what has changed. */
  synchronized void write(StreamStatus status) {
    ObjectNode tree = tree(status, "running");
    String text = tree.toString();
    Instant now = clock.instant();
    if (!text.equals(written) || Duration.between(writtenAt, now).compareTo(HEARTBEAT) >= 0) {
      replace(tree, now);
      written = text;
      writtenAt = now;
    }
  }

  /** Says that there is no running Stream any more, if there was one. */
  synchronized void stopped(StreamStatus status, boolean wasRunning) {
    if (wasRunning) {
      replace(tree(status, "stopped"), clock.instant());
    }
  }

  private void replace(ObjectNode tree, Instant now) {
    tree.put("updatedAt", now.toString());
    Path temporary = folder.resolve("tmp").resolve(NAME);
    try {
      Files.write(temporary, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
      Files.move(
          temporary,
          folder.resolve(NAME),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      boolean ignored = episode.succeeded();
    } catch (IOException e) {
      if (episode.failed("" + e)) {
        LOG.warn(
            "{} cannot be written: {}; replication goes on", folder.resolve(NAME), e.toString());
      }
    }
  }

  private ObjectNode tree(StreamStatus status, String state) {
    ObjectNode tree = mapper.createObjectNode();
    tree.put("state", state);
    tree.put("pid", ProcessHandle.current().pid());
    tree.put("database", status.database());
    tree.put("generation", status.generation());
    tree.put("reason", status.generationReason());
    tree.put("txId", status.txId());
    tree.put("capturing", status.capturing());
    tree.put("error", status.captureError());
    tree.put("captureFailures", status.captureFailures());
    Instant failing = status.compactionFailingSince();
    tree.put("compactionError", status.compactionError());
    tree.put("compactionFailingSince", failing == null ? null : failing.toString());
    tree.put("shadowBytes", status.shadowBytes());
    tree.put("dataLossWindowMillis", status.dataLossWindow().toMillis());
    ArrayNode replicas = tree.putArray("replicas");
    for (ReplicaStatus replica : status.replicas()) {
      ObjectNode node = replicas.addObject();
      node.put("name", replica.name());
      node.put("store", replica.store());
      node.put("generation", replica.generation());
      node.put("txId", replica.txId());
      node.put("pendingArtefacts", replica.pendingArtefacts());
      node.put("pendingBytes", replica.pendingBytes());
      node.put("error", replica.lastError());
      node.put("dataLossWindowMillis", replica.dataLossWindow().toMillis());
    }
    return tree;
  }
}
