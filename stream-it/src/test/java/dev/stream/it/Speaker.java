package dev.stream.it;

import dev.stream.core.event.StreamListener;

/** Says on standard output, a line each, what a Stream in a process of its own goes through. */
public final class Speaker implements StreamListener {

  /** Says something. */
  public static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  @Override
  public void onGeneration(String generation, String reason) {
    say("generation " + generation + " " + reason);
  }

  @Override
  public void onCapturePaused(String message) {
    say("paused " + message);
  }

  @Override
  public void onReplicaFailing(String replica, String message) {
    say("failing " + message);
  }

  @Override
  public void onHeldBack(String replica, String message) {
    say("held back " + message);
  }

  @Override
  public void onNotice(String message) {
    say("notice " + message);
  }
}
