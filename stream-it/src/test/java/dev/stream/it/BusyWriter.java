package dev.stream.it;

import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A writing process that never stops by itself, driven by a thread: it can be paused between two
 * steps, and killed in the midst of one. What it sees go wrong, other than its own death, fails the
 * test at the next pause.
 */
public final class BusyWriter implements AutoCloseable {

  private final Path database;
  private final int writer;
  private final RandomSql script;
  private final Thread thread;

  private volatile SqliteProcess sqlite;
  private boolean pausing;
  private boolean paused;
  private boolean closing;
  private volatile boolean killed;
  private @Nullable Throwable failure;

  public BusyWriter(Path database, int writer, int pageSize, long seed) throws Exception {
    this.database = database;
    this.writer = writer;
    this.script = new RandomSql(new Random(seed), writer, pageSize).vacuumRarely();
    this.sqlite = fresh();
    this.thread = new Thread(this::write, "writer " + writer);
    this.thread.start();
  }

  private SqliteProcess fresh() throws Exception {
    SqliteProcess process = new SqliteProcess(database);
    process.run(script.settings());
    script.goOnAfter(Integer.parseInt(process.value(tally(writer))));
    return process;
  }

  static String tally(int writer) {
    return "SELECT n FROM tally WHERE writer=" + writer + ";";
  }

  private void write() {
    try {
      while (waitWhilePausing()) {
        try {
          sqlite.run(script.step());
        } catch (AssertionError | RuntimeException e) {
          if (!killed) {
            throw e;
          }
          sqlite.kill();
          sqlite = fresh();
          revived();
        }
      }
    } catch (Exception | AssertionError e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    }
  }

  private synchronized void revived() {
    killed = false;
    notifyAll();
  }

  private synchronized boolean waitWhilePausing() throws InterruptedException {
    while (pausing && !closing) {
      paused = true;
      notifyAll();
      wait();
    }
    paused = false;
    return !closing;
  }

  /** Waits for the step that is under way; nothing is written until {@link #go}. */
  public synchronized void pause() throws InterruptedException {
    pausing = true;
    while (!paused && failure == null) {
      wait();
    }
    if (failure != null) {
      throw new AssertionError("writer " + writer, failure);
    }
  }

  public synchronized void go() {
    pausing = false;
    notifyAll();
  }

  /** The process, while this is paused. */
  public SqliteProcess process() {
    return sqlite;
  }

  /** Ends the process as {@code kill -9} does; returns when another one goes on. */
  synchronized void kill() throws InterruptedException {
    killed = true;
    sqlite.kill();
    while (killed && failure == null) {
      wait();
    }
  }

  /** Kills it, while this is paused, with a transaction open that has spilled to the log. */
  void killInTransaction() throws Exception {
    sqlite.run("PRAGMA cache_size=5; BEGIN IMMEDIATE; UPDATE t SET v = randomblob(800);");
    sqlite.kill();
    sqlite = fresh();
  }

  /** Ends the process orderly, and begins another one; for use while this is paused. */
  void leave() {
    sqlite.leave();
  }

  /** After {@link #leave}. */
  void comeBack() throws Exception {
    sqlite = fresh();
  }

  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sqlite.kill();
  }
}
