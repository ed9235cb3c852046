package dev.stream.cli.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.cli.output.CommandVersion;
import dev.stream.cli.output.Json;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.metric.MetricFamily;
import dev.stream.core.monitor.StatusDocument;
import dev.stream.core.status.StreamStatus;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What there is to be seen of one replication, from before its start to its end. Safe for use by
 * several threads.
 */
public final class ReplicationView {

  private enum Phase {
    STARTING,
    WAITING,
    RUNNING,
    STOPPING
  }

  private final StreamConfig config;
  private final StreamController controller;
  private final Clock clock = Clock.systemUTC();
  private final LagHistory lag = new LagHistory();
  private final EventHistory events = new EventHistory(clock);
  private volatile Phase phase = Phase.STARTING;

  /** Of a controller that is yet to be started. */
  public ReplicationView(StreamConfig config, StreamController controller) {
    this.config = config;
    this.controller = controller;
  }

  /** An event of the controller. */
  public void heard(StreamEvent event) {
    if (event instanceof StreamEvent.WaitingForDatabase) {
      phase = Phase.WAITING;
    }
    events.add(event);
  }

  /** The controller has started. */
  public void started() {
    phase = Phase.RUNNING;
  }

  /** The controller is about to be closed. */
  public void stopping() {
    phase = Phase.STOPPING;
  }

  /** Remembers how far replicas lag now. */
  void sample() {
    StreamStatus status = known();
    if (status != null) {
      lag.add(status);
    }
  }

  /** How it is going; null before it has begun. */
  private @Nullable StreamStatus known() {
    return phase == Phase.RUNNING || phase == Phase.STOPPING ? controller.status() : null;
  }

  List<MetricFamily> metrics() {
    return controller.metrics();
  }

  String state() {
    StreamStatus status = known();
    return status == null || status.running() ? phase.name().toLowerCase(Locale.ROOT) : "stopped";
  }

  /** Why commits may be lost with this machine; empty if they would not be. */
  List<String> notReady() {
    StreamStatus status = known();
    if (status == null) {
      return List.of(unbegun());
    }
    return phase == Phase.STOPPING
        ? List.of("it is being stopped: what is committed from now on is not replicated")
        : status.notCurrent();
  }

  private String unbegun() {
    return phase == Phase.WAITING
        ? "it waits for the application to create the database"
        : "it has begun, and does not capture yet";
  }

  /** As {@code stream status --json} has it. */
  ObjectNode status() {
    StreamStatus status = known();
    ObjectNode document = Json.mapper().createObjectNode();
    if (status == null) {
      document.put("state", state());
      document.put("healthy", false);
      document.putArray("problems").add(unbegun());
      document.put("shadowDir", config.shadowDir().toString());
      document.put("pid", ProcessHandle.current().pid());
      document.put("updatedAt", clock.instant().toString());
      return document;
    }
    ObjectNode all = StatusDocument.of(status.running() ? "running" : "stopped", status);
    for (String first : List.of("state", "healthy", "problems")) {
      document.set(first, all.remove(first));
    }
    document.put("shadowDir", config.shadowDir().toString());
    document.setAll(all);
    document.put("updatedAt", status.at().toString());
    return document;
  }

  /** Everything that the page shows. */
  ObjectNode overview() {
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("now", clock.instant().toString());
    document.put("version", CommandVersion.line());
    document.put("retentionMillis", config.retention().snapshotRetention().toMillis());
    ArrayNode databases = document.putArray("databases");
    ObjectNode one = databases.addObject();
    one.put("name", config.database() == null ? "" : config.database().path().toString());
    one.set("status", status());
    one.put("thresholdMillis", config.dataLossWindowThreshold().toMillis());
    one.set("lag", OverviewParts.lag(lag.all()));
    one.set(
        "contents", OverviewParts.contents(known() == null ? List.of() : controller.contents()));
    one.set("events", OverviewParts.events(events.newestFirst()));
    return document;
  }
}
