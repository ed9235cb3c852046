package dev.stream.core.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.core.file.FileRights;
import dev.stream.core.status.DrillProof;
import dev.stream.core.status.DrillStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the last drill of each replica ended, in {@code drills.json} in the shadow directory, so that
 * it outlives a restart, and so that a Stream that runs tells what the command found. It is
 * replaced as a whole. If two processes end a drill in the same moment one of the two outcomes may
 * be missing until the next drill.
 *
 * <p>Keys: {@code drills}, each with {@code replica}, {@code at}, {@code problem}, {@code staleAt},
 * and {@code proof}: {@code generation}, {@code txId}, {@code committedAt}, {@code at}, {@code
 * fetchedAllAt}. Thread-safe.
 */
public final class DrillRecords {

  /** Its name in the shadow directory. */
  public static final String NAME = "drills.json";

  private static final Logger LOG = LoggerFactory.getLogger(DrillRecords.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final FileRights rights;
  private List<DrillStatus> known = List.of();
  private @Nullable FileTime knownAt;

  /** Those of a shadow directory. */
  public DrillRecords(Path shadowDir, FileRights rights) {
    this.file = shadowDir.resolve(NAME);
    this.rights = rights;
  }

  /** How the last drill of each replica ended; empty if there was none, or it cannot be told. */
  public synchronized List<DrillStatus> all() {
    try {
      FileTime changed = Files.getLastModifiedTime(file);
      if (!changed.equals(knownAt)) {
        known = parse(MAPPER.readTree(Files.readAllBytes(file)));
        knownAt = changed;
      }
    } catch (NoSuchFileException e) {
      known = List.of();
      knownAt = null;
    } catch (IOException | DateTimeException e) {
      LOG.warn("{} cannot be read: {}; the next drill writes it anew", file, e.toString());
      known = List.of();
    }
    return known;
  }

  /** How the last drill of a replica ended; null if there was none. */
  public @Nullable DrillStatus of(String replica) {
    return all().stream().filter(one -> one.replica().equals(replica)).findFirst().orElse(null);
  }

  /**
   * Remembers the outcome of a drill.
   *
   * @param staleAt from when on it is too old to count on; null for never
   * @return how it stands with the replica now
   */
  public synchronized DrillStatus add(DrillReport report, @Nullable Instant staleAt) {
    List<DrillStatus> others = new ArrayList<>(all());
    DrillStatus status = report.after(of(report.replica()), staleAt);
    others.removeIf(one -> one.replica().equals(report.replica()));
    others.add(status);
    Path temporary = file.resolveSibling(NAME + "." + ProcessHandle.current().pid());
    try {
      Files.write(
          temporary, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree(others)));
      rights.giveFile(temporary);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.warn("the outcome of a drill cannot be kept in {}: {}", file, e.toString());
    }
    known = List.copyOf(others);
    knownAt = changedAt();
    return status;
  }

  private @Nullable FileTime changedAt() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return null;
    }
  }

  private static List<DrillStatus> parse(JsonNode tree) {
    List<DrillStatus> drills = new ArrayList<>();
    for (JsonNode drill : tree.path("drills")) {
      JsonNode proof = drill.path("proof");
      drills.add(
          new DrillStatus(
              drill.path("replica").asText(),
              Instant.parse(drill.path("at").asText()),
              drill.path("problem").textValue(),
              proof.isObject() ? proof(proof) : null,
              instant(drill.path("staleAt"))));
    }
    return List.copyOf(drills);
  }

  private static DrillProof proof(JsonNode proof) {
    return new DrillProof(
        proof.path("generation").asText(),
        proof.path("txId").asLong(),
        instant(proof.path("committedAt")),
        Instant.parse(proof.path("at").asText()),
        Instant.parse(proof.path("fetchedAllAt").asText()));
  }

  private static @Nullable Instant instant(JsonNode node) {
    return node.isTextual() ? Instant.parse(node.asText()) : null;
  }

  private static ObjectNode tree(List<DrillStatus> drills) {
    ObjectNode tree = MAPPER.createObjectNode();
    ArrayNode array = tree.putArray("drills");
    drills.forEach(drill -> array.add(tree(drill)));
    return tree;
  }

  /** A drill as it stands in the file, and in the status. */
  public static ObjectNode tree(DrillStatus drill) {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("replica", drill.replica());
    tree.put("at", drill.at().toString());
    tree.put("problem", drill.problem());
    tree.put("staleAt", text(drill.staleAt()));
    DrillProof proof = drill.proof();
    if (proof == null) {
      tree.putNull("proof");
      return tree;
    }
    ObjectNode proven = tree.putObject("proof");
    proven.put("generation", proof.generation());
    proven.put("txId", proof.txId());
    proven.put("committedAt", text(proof.committedAt()));
    proven.put("at", proof.at().toString());
    proven.put("fetchedAllAt", proof.fetchedAllAt().toString());
    return tree;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
