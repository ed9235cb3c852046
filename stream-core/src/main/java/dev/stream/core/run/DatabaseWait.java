package dev.stream.core.run;

import dev.stream.core.config.ConfigException;
import dev.stream.core.config.Durations;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.monitor.StatusFile;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the application has created its database, as at a first deployment, where both start
 * at once. A file without a byte is not created yet: SQLite makes one before it writes the first
 * page.
 *
 * @param database the file
 * @param patience how long at most; zero for not at all
 */
public record DatabaseWait(Path database, Duration patience) {

  /** For ever, to people. */
  public static final Duration UNLIMITED = Duration.ofDays(36_500);

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWait.class);
  private static final long POLL_MILLIS = 100;

  /**
   * Of the configuration's database.
   *
   * @param asked how long to wait, whatever the configuration says; null if it decides
   */
  public static DatabaseWait of(StreamConfig config, @Nullable Duration asked)
      throws ConfigException {
    boolean configured = Boolean.TRUE.equals(config.waitForDatabase());
    Duration patience = asked != null ? asked : configured ? UNLIMITED : Duration.ZERO;
    return new DatabaseWait(config.requireDatabase().path(), patience);
  }

  /** Whether there is reason to wait. */
  public boolean isMissing() throws IOException {
    return !patience.isZero() && !isCreated(database);
  }

  /** Whether there is a database: a file without a byte is not created yet. */
  public static boolean isCreated(Path database) throws IOException {
    return Files.exists(database) && Files.size(database) > 0;
  }

  /**
   * Waits, and tells so in the shadow directory's status.
   *
   * @throws InterruptedIOException if the thread is interrupted
   * @throws IOException if the time is up
   */
  public void await(ShadowDirectory shadow, Clock clock, StreamListener listener)
      throws IOException {
    boolean bounded = patience.compareTo(UNLIMITED) < 0;
    String waits =
        "there is no database at "
            + database.toAbsolutePath()
            + " yet, and no replica has anything to restore: waiting "
            + (bounded ? "up to " + Durations.show(patience) + " " : "")
            + "for the application to create it";
    LOG.info("{}", waits);
    listener.onEvent(new StreamEvent.Notice(waits));
    listener.onEvent(new StreamEvent.WaitingForDatabase(database));
    StatusFile status = new StatusFile(shadow, clock);
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isCreated(database)) {
      status.waiting(database, waits);
      if (bounded && System.nanoTime() > deadline) {
        throw new IOException(
            "there is still no database at "
                + database.toAbsolutePath()
                + " after "
                + Durations.show(patience)
                + ": start the application that creates it, correct \"path\", or set"
                + " \"waitForDatabase\" to true (--wait) to wait for it however long it takes");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for " + database);
      }
    }
    LOG.info("{} is there now", database);
  }
}
