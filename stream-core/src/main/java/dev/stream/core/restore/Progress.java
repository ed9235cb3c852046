package dev.stream.core.restore;

/** Keeps count for a listener. Safe for use by several threads. */
final class Progress {

  private final RestoreListener listener;
  private RestorePhase phase = RestorePhase.LIST;
  private long done;
  private long total;

  Progress(RestoreListener listener) {
    this.listener = listener;
  }

  synchronized void begin(RestorePhase newPhase, long newTotal) {
    phase = newPhase;
    done = 0;
    total = newTotal;
    listener.onProgress(phase, 0, total);
  }

  synchronized void add(long bytes) {
    done = Math.min(total, done + bytes);
    listener.onProgress(phase, done, total);
  }

  synchronized void replicaFailed(String replica, String problem) {
    listener.onReplicaFailed(replica, problem);
  }

  synchronized void replicaChosen(String replica, String reason) {
    listener.onReplicaChosen(replica, reason);
  }
}
