package dev.stream.core.commit;

import dev.stream.core.StreamController;
import dev.stream.core.config.Durations;
import dev.stream.core.schedule.Episode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until enough replicas have what was just committed. Thread-safe. */
final class CommitConfirmation {

  /** "Transaction resolution unknown" of SQL. */
  private static final String UNKNOWN = "08007";

  private static final Logger LOG = LoggerFactory.getLogger(CommitConfirmation.class);

  private final Supplier<@Nullable StreamController> stream;
  private final CommitQuorum quorum;
  private final Episode episode = new Episode();

  CommitConfirmation(Supplier<@Nullable StreamController> stream, CommitQuorum quorum) {
    this.stream = stream;
    this.quorum = quorum;
  }

  /**
   * Waits for all that is committed by now.
   *
   * @throws SQLException if too few replicas have it in time, and that is to fail
   */
  void await() throws SQLException {
    StreamController capturing = stream.get();
    if (capturing == null) {
      unconfirmed("nothing captures the database now", null);
      return;
    }
    CompletableFuture<Void> there = null;
    try {
      there =
          capturing
              .awaitReplicated(capturing.committedTxId(), quorum.replicas())
              .toCompletableFuture();
      there.get(quorum.timeout().toNanos(), TimeUnit.NANOSECONDS);
      confirmed();
    } catch (TimeoutException e) {
      unconfirmed(
          "fewer than "
              + quorum.replicas()
              + " replicas have it after "
              + Durations.show(quorum.timeout()),
          e);
    } catch (ExecutionException e) {
      unconfirmed(String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    } catch (IOException | IllegalStateException e) {
      unconfirmed(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      unconfirmed("the thread was interrupted while it waited for the replicas", e);
    } finally {
      if (there != null) {
        boolean unused = there.cancel(false); // nobody waits any more
      }
    }
  }

  private void confirmed() {
    if (episode.succeeded()) {
      LOG.info("commits are confirmed by {} replicas again", quorum.replicas());
    }
  }

  private void unconfirmed(String why, @Nullable Exception cause) throws SQLException {
    boolean first = episode.failed(why);
    if (quorum.unconfirmed() == CommitQuorum.Unconfirmed.FAIL) {
      throw new SQLException(
          "the commit is in the database, and is not confirmed by replicas: "
              + why
              + ". Do not repeat it; it is sent as soon as that is possible",
          UNKNOWN,
          cause);
    }
    if (first) {
      LOG.warn("commits go on without being confirmed by replicas: {}", why);
    }
  }
}
