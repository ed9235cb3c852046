package dev.stream.it.h2;

import dev.stream.it.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes numbered rows into a table of its own, one in each transaction, without a pause. */
final class SteadyWriter implements AutoCloseable {

  private final Connection connection;
  private final ReentrantLock writing = new ReentrantLock(true);
  private final Thread thread = new Thread(this::write, "steady writer");
  private final AtomicLong committed = new AtomicLong();
  private volatile boolean ending;
  private volatile @Nullable Exception failure;

  /** Begins to write through Stream. */
  SteadyWriter(ObservedH2 database) throws Exception {
    connection = database.connect();
    ObservedH2.run(connection, "CREATE TABLE steady(n INT PRIMARY KEY, v VARBINARY(5000))");
    thread.start();
  }

  private void write() {
    String sql = "INSERT INTO steady VALUES(?, SECURE_RAND(1500))";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      while (!ending) {
        writing.lock();
        try {
          insert.setLong(1, committed.get() + 1);
          insert.executeUpdate();
          committed.incrementAndGet();
        } finally {
          writing.unlock();
        }
        LockSupport.parkNanos(200_000);
      }
    } catch (Exception e) {
      failure = e;
    }
  }

  /** The last row whose commit has returned. */
  long committed() {
    return committed.get();
  }

  /** Waits until so many more have been committed. */
  void awaitMore(int count) throws Exception {
    long wanted = committed.get() + count;
    Await.until(
        () -> "commits; failure: " + failure,
        () -> {
          requireSound();
          return committed.get() >= wanted;
        });
  }

  private void requireSound() {
    if (failure != null) {
      throw new AssertionError("a commit failed", failure);
    }
  }

  /** Does something between two commits. */
  <T> T whilePaused(Callable<T> action) throws Exception {
    writing.lock();
    try {
      return action.call();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() throws SQLException {
    ending = true;
    while (thread.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
    connection.close();
    requireSound();
  }
}
