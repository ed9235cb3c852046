package dev.stream.cli.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.cli.output.Json;
import dev.stream.core.status.ReplicaContents;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What the page shows beside the status, as JSON. */
final class OverviewParts {

  private OverviewParts() {}

  /** Each sample as a list: milliseconds since 1970, and for each replica its window. */
  static ObjectNode lag(List<LagHistory.Sample> samples) {
    ObjectNode document = Json.mapper().createObjectNode();
    ArrayNode names = document.putArray("replicas");
    if (!samples.isEmpty()) {
      samples.get(samples.size() - 1).millis().keySet().forEach(names::add);
    }
    ArrayNode rows = document.putArray("samples");
    for (LagHistory.Sample sample : samples) {
      ArrayNode row = rows.addArray();
      row.add(sample.at().toEpochMilli());
      sample.millis().values().forEach(row::add);
    }
    return document;
  }

  static ArrayNode contents(List<ReplicaContents> contents) {
    ArrayNode list = Json.mapper().createArrayNode();
    for (ReplicaContents of : contents) {
      ObjectNode replica = list.addObject();
      replica.put("replica", of.replica());
      Instant listedAt = of.listedAt();
      replica.put("listedAt", listedAt == null ? null : listedAt.toString());
      ArrayNode generations = replica.putArray("generations");
      for (ReplicaContents.Generation one : of.generations()) {
        ObjectNode generation = generations.addObject();
        generation.put("generation", one.generation());
        generation.put("bornAt", one.bornAt().toString());
        generation.put("txId", one.txId());
        generation.put("storedAt", one.storedAt().toString());
        ArrayNode snapshots = generation.putArray("snapshots");
        for (ReplicaContents.Snapshot snapshot : one.snapshots()) {
          ObjectNode node = snapshots.addObject();
          node.put("txId", snapshot.txId());
          node.put("bytes", snapshot.bytes());
          node.put("storedAt", snapshot.storedAt().toString());
        }
      }
      ArrayNode pins = replica.putArray("pins");
      for (ReplicaContents.Pin pin : of.pins()) {
        ObjectNode node = pins.addObject();
        node.put("pin", pin.name());
        node.put("generation", pin.generation());
        node.put("txId", pin.txId());
        node.put("storedAt", pin.storedAt().toString());
      }
    }
    return list;
  }

  static ArrayNode events(List<EventHistory.Told> events) {
    ArrayNode list = Json.mapper().createArrayNode();
    for (EventHistory.Told event : events) {
      ObjectNode node = list.addObject();
      node.put("at", event.at().toString());
      node.put("tone", event.tone().name().toLowerCase(Locale.ROOT));
      node.put("text", event.text());
    }
    return list;
  }
}
