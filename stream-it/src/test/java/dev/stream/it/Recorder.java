package dev.stream.it;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
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
  public void onEvent(StreamEvent event) {
    if (event instanceof StreamEvent.GenerationBegan it) {
      events.add("generation " + it.generation() + " " + it.reason());
    } else if (event instanceof StreamEvent.CaughtUp it) {
      events.add("catch-up " + it.what().pages() + " pages: " + it.what().reason());
    } else if (event instanceof StreamEvent.CapturePaused it) {
      events.add("paused " + it.message());
    } else if (event instanceof StreamEvent.CaptureRecovered) {
      events.add("resumed");
    } else if (event instanceof StreamEvent.ReplicaFailing it) {
      events.add("failing " + it.replica() + " " + it.message());
    } else if (event instanceof StreamEvent.ReplicaRecovered it) {
      events.add("recovered " + it.replica());
    } else if (event instanceof StreamEvent.DataLossWindowExceeded it) {
      events.add("exceeded " + it.replica());
    } else if (event instanceof StreamEvent.DataLossWindowRecovered it) {
      events.add("within " + it.replica());
    } else if (event instanceof StreamEvent.Notice it) {
      events.add("notice " + it.message());
    }
  }
}
