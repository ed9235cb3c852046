package dev.stream.it;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;

/** Says on standard output, a line each, what a Stream in a process of its own goes through. */
public final class Speaker implements StreamListener {

  /** Says something. */
  public static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  @Override
  public void onEvent(StreamEvent event) {
    if (event instanceof StreamEvent.GenerationBegan it) {
      say("generation " + it.generation() + " " + it.reason());
    } else if (event instanceof StreamEvent.CapturePaused it) {
      say("paused " + it.message());
    } else if (event instanceof StreamEvent.ReplicaFailing it) {
      say("failing " + it.message());
    } else if (event instanceof StreamEvent.HeldBack it) {
      say("held back " + it.reason());
    } else if (event instanceof StreamEvent.Notice it) {
      say("notice " + it.message());
    }
  }
}
