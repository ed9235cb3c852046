package dev.stream.core.replicate;

import dev.stream.core.monitor.ReplicationParts;
import dev.stream.core.shadow.GenerationStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who waits until enough replicas have a transaction. Nobody has a thread meanwhile: it is looked
 * whenever a replica has got something. Thread-safe.
 */
final class AwaitedTransactions {

  private final ReplicationParts parts;
  private final List<Awaited> awaited = new ArrayList<>(); // guards itself
  private @Nullable String closed; // guarded by awaited

  /** A transaction, and by how many replicas it is awaited. */
  private record Awaited(long txId, int quorum, CompletableFuture<Void> done) {}

  AwaitedTransactions(ReplicationParts parts) {
    this.parts = parts;
  }

  /**
   * Waits for a transaction, which is sealed at once if it is captured.
   *
   * @param quorum how many replicas have to have it
   * @throws IllegalArgumentException if there are not so many
   */
  CompletableFuture<Void> await(long txId, int quorum) {
    int replicas = parts.uploaders().size();
    if (quorum < 1 || quorum > replicas) {
      throw new IllegalArgumentException(
          "quorum is "
              + quorum
              + "; it must be from 1 to "
              + replicas
              + ", the replicas there are");
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (awaited) {
      if (closed != null) {
        done.completeExceptionally(new IOException(closed));
        return done;
      }
      awaited.add(new Awaited(txId, quorum, done));
    }
    push(txId);
    boolean unused = changed();
    return done;
  }

  private void push(long txId) {
    GenerationStart start = parts.generation().get();
    if (start == null) {
      return;
    }
    try {
      var unused = parts.sealing().sealedThrough(start.generation(), txId, 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then it is sealed when it is due
    }
  }

  /**
   * A replica may have got something.
   *
   * @return whether somebody waited until now
   */
  boolean changed() {
    List<Awaited> waiting;
    synchronized (awaited) {
      awaited.removeIf(one -> one.done().isDone()); // given up by who waited
      waiting = List.copyOf(awaited);
    }
    for (Awaited one : waiting) {
      if (isThere(one)) {
        // What depends on it is not to hold up the one who stores.
        var unused = one.done().completeAsync(() -> null);
      }
    }
    return !waiting.isEmpty();
  }

  private boolean isThere(Awaited one) {
    GenerationStart start = parts.generation().get();
    if (start == null) {
      return false;
    }
    return parts.uploaders().stream()
            .filter(uploader -> uploader.reaches(start.generation(), one.txId()))
            .count()
        >= one.quorum();
  }

  /** Whoever still waits is told why in vain. */
  void close(String why) {
    List<Awaited> left;
    boolean unused = changed();
    synchronized (awaited) {
      closed = why;
      left = List.copyOf(awaited);
      awaited.clear();
    }
    left.forEach(one -> one.done().completeExceptionally(new IOException(why)));
  }
}
