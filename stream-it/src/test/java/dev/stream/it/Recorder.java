package dev.stream.it;

import dev.stream.core.event.StreamListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a controller told. Thread-safe. */
public final class Recorder implements StreamListener {

  private final List<String> events = new CopyOnWriteArrayList<>();

  /** Everything, in order: the event's name and what it said. */
  public List<String> events() {
    return List.copyOf(events);
  }

  /** Whether something was told that begins so. */
  public boolean told(String beginning) {
    return events.stream().anyMatch(event -> event.startsWith(beginning));
  }

  /** The first that begins so. */
  public String first(String beginning) {
    return events.stream().filter(event -> event.startsWith(beginning)).findFirst().orElse("");
  }

  /** How often something was told that begins so. */
  public long count(String beginning) {
    return events.stream().filter(event -> event.startsWith(beginning)).count();
  }

  @Override
  public void onGeneration(String generation, String reason) {
    events.add("generation " + generation + " " + reason);
  }

  @Override
  public void onCatchUp(
      String generation, String reason, long firstTxId, long txId, long pages, long bytes) {
    events.add("catch-up " + pages + " pages: " + reason);
  }

  @Override
  public void onCapturePaused(String message) {
    events.add("paused " + message);
  }

  @Override
  public void onCaptureRecovered() {
    events.add("resumed");
  }

  @Override
  public void onReplicaFailing(String replica, String message) {
    events.add("failing " + replica + " " + message);
  }

  @Override
  public void onReplicaRecovered(String replica) {
    events.add("recovered " + replica);
  }

  @Override
  public void onDataLossWindowExceeded(String replica, Duration window, Duration threshold) {
    events.add("exceeded " + replica);
  }

  @Override
  public void onDataLossWindowRecovered(String replica) {
    events.add("within " + replica);
  }

  @Override
  public void onNotice(String message) {
    events.add("notice " + message);
  }
}
