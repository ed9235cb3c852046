package dev.stream.core.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.core.drill.DrillRecords;
import dev.stream.core.status.CatchUp;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.status.StreamStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A status as JSON, as {@code status.json} and the command {@code stream status} have it.
 *
 * <p>Keys: {@code state} ({@code running}, {@code waiting} for a database, or {@code stopped}),
 * {@code pid}, {@code updatedAt}, {@code healthy}, {@code problems}, {@code database}, {@code
 * databaseBytes}, {@code generation}, {@code generationBornAt}, {@code reason}, {@code txId},
 * {@code lastCatchUp} (null, or {@code generation}, {@code reason}, {@code since}, {@code at},
 * {@code firstTxId}, {@code txId}, {@code pages}, {@code bytes}), {@code capturing}, {@code error},
 * {@code captureFailures}, {@code readBack} with {@code provenAt}, {@code pagesRead} and {@code
 * pages}, {@code compactionError}, {@code compactionFailingSince}, {@code shadowBytes}, {@code
 * logBytes}, {@code dataLossWindowMillis}, {@code replicas} with {@code name}, {@code store},
 * {@code generation}, {@code txId}, {@code pendingArtefacts}, {@code pendingBytes}, {@code error},
 * {@code dataLossWindowMillis}, {@code drills} as in {@link DrillRecords}.
 */
public final class StatusDocument {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private StatusDocument() {}

  /** What it has also where nothing is replicated yet. */
  static ObjectNode head(String state, List<String> problems) {
    ObjectNode tree = NODES.objectNode();
    tree.put("state", state);
    tree.put("pid", ProcessHandle.current().pid());
    tree.put("healthy", problems.isEmpty());
    problems.forEach(tree.putArray("problems")::add);
    return tree;
  }

  /**
   * The document of a moment, without {@code updatedAt}.
   *
   * @param state the value of {@code state}
   */
  public static ObjectNode of(String state, StreamStatus status) {
    ObjectNode tree = head(state, status.problems());
    tree.put("database", status.database());
    Instant bornAt = status.generationBornAt();
    tree.put("databaseBytes", status.databaseBytes());
    tree.put("generation", status.generation());
    tree.put("generationBornAt", bornAt == null ? null : bornAt.toString());
    tree.put("reason", status.generationReason());
    tree.put("txId", status.txId());
    tree.set("lastCatchUp", tree(status.lastCatchUp()));
    tree.put("capturing", status.capturing());
    tree.put("error", status.captureError());
    tree.put("captureFailures", status.captureFailures());
    ObjectNode readBack = tree.putObject("readBack");
    Instant provenAt = status.readBack().provenAt();
    readBack.put("provenAt", provenAt == null ? null : provenAt.toString());
    readBack.put("pagesRead", status.readBack().pagesRead());
    readBack.put("pages", status.readBack().pages());
    Instant failing = status.compactionFailingSince();
    tree.put("compactionError", status.compactionError());
    tree.put("compactionFailingSince", failing == null ? null : failing.toString());
    tree.put("shadowBytes", status.shadowBytes());
    tree.put("logBytes", status.logBytes());
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
    ArrayNode drills = tree.putArray("drills");
    status.drills().forEach(drill -> drills.add(DrillRecords.tree(drill)));
    return tree;
  }

  private static @Nullable ObjectNode tree(@Nullable CatchUp catchUp) {
    if (catchUp == null) {
      return null;
    }
    ObjectNode tree = NODES.objectNode();
    tree.put("generation", catchUp.generation());
    tree.put("reason", catchUp.reason());
    tree.put("since", catchUp.since().toString());
    tree.put("at", catchUp.at().toString());
    tree.put("firstTxId", catchUp.firstTxId());
    tree.put("txId", catchUp.txId());
    tree.put("pages", catchUp.pages());
    tree.put("bytes", catchUp.bytes());
    return tree;
  }
}
