package dev.stream.core.read;

import dev.stream.core.event.RestoreListener;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.listen.ListenerCalls;

/** Keeps count for a listener, whose faults harm nothing. Safe for use by several threads. */
public final class Progress {

  private final RestoreListener listener;
  private final ListenerCalls calls;
  private RestorePhase phase = RestorePhase.LIST;
  private long done;
  private long total;

  public Progress(RestoreListener listener) {
    this.listener = listener;
    this.calls = new ListenerCalls(listener);
  }

  public synchronized void begin(RestorePhase newPhase, long newTotal) {
    phase = newPhase;
    done = 0;
    total = newTotal;
    calls.run("onProgress", () -> listener.onProgress(phase, 0, total));
  }

  public synchronized void add(long bytes) {
    done = Math.min(total, done + bytes);
    calls.run("onProgress", () -> listener.onProgress(phase, done, total));
  }

  public synchronized void replicaFailed(String replica, String problem) {
    calls.run("onReplicaFailed", () -> listener.onReplicaFailed(replica, problem));
  }

  public synchronized void replicaChosen(String replica, String reason) {
    calls.run("onReplicaChosen", () -> listener.onReplicaChosen(replica, reason));
  }
}
