package dev.stream.core.monitor;

import dev.stream.core.config.Durations;
import dev.stream.core.config.HeartbeatConfig;
import dev.stream.core.schedule.Episode;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls an address after every interval in which all replicas were current, in a thread of its own:
 * an address that does not answer must keep nothing waiting. Looks once a second, so that a lag
 * that came and went counts as well.
 */
public final class Heartbeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final long JOIN_MILLIS = 2_000;

  private final HeartbeatConfig config;
  private final Supplier<StreamStatus> status;
  private final Episode episode = new Episode();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "stream-heartbeat");
  private volatile @Nullable HttpURLConnection calling;

  private Heartbeat(HeartbeatConfig config, Supplier<StreamStatus> status) {
    this.config = config;
    this.status = status;
  }

  /** Begins; the first call comes after one interval. */
  public static Heartbeat start(HeartbeatConfig config, Supplier<StreamStatus> status) {
    Heartbeat heartbeat = new Heartbeat(config, status);
    heartbeat.thread.setDaemon(true);
    heartbeat.thread.start();
    return heartbeat;
  }

  private void run() {
    long interval = config.interval().toNanos();
    long look = Math.min(LOOK.toNanos(), interval);
    long due = System.nanoTime() + interval;
    boolean current = true;
    try {
      while (!ended.await(look, TimeUnit.NANOSECONDS)) {
        current &= status.get().notCurrent().isEmpty();
        if (System.nanoTime() - due >= 0) {
          if (current) {
            call();
          }
          due = System.nanoTime() + interval;
          current = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody but the JVM's end does that
    }
  }

  private void call() {
    String failure = answer();
    if (failure == null) {
      if (episode.succeeded()) {
        LOG.info("the heartbeat's address answers again");
      }
    } else if (ended.getCount() > 0 && episode.failed(failure)) {
      LOG.warn(
          "the heartbeat's address cannot be called: {}. Whoever watches it will raise an alarm;"
              + " replication goes on, and Stream calls again after each interval ({})",
          failure,
          Durations.show(config.interval()));
    }
  }

  /** Calls; returns what is wrong, null if nothing is. */
  private @Nullable String answer() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(config.url()).toURL().openConnection();
      calling = connection;
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setUseCaches(false);
      connection.setRequestProperty("User-Agent", "Stream");
      connection.setRequestProperty("Connection", "close");
      connection.connect();
      if (ended.getCount() == 0) {
        return null; // whoever ended it had nothing to break off yet
      }
      int code = connection.getResponseCode();
      return code / 100 == 2 ? null : "it answers with HTTP status " + code;
    } catch (IOException | RuntimeException e) {
      return e.getClass().getSimpleName()
          + ": "
          + withoutAddress("" + e.getMessage(), config.url());
    } finally {
      HttpURLConnection connection = calling;
      calling = null;
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  /** Whoever knows the address can call it, so no part of it is told. */
  static String withoutAddress(String message, String url) {
    URI uri = URI.create(url);
    String text = message.replace(url, "***");
    for (String part : new String[] {uri.getRawQuery(), uri.getRawPath(), uri.getHost()}) {
      text = part == null || part.length() < 2 ? text : text.replace(part, "***");
    }
    return text;
  }

  /** Ends it; a call under way is broken off. Repeatable. */
  @Override
  public void close() {
    ended.countDown();
    HttpURLConnection connection = calling;
    if (connection != null) {
      connection.disconnect();
    }
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
