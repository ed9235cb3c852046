package dev.stream.it.h2;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseInfo;
import dev.stream.api.database.OpenObserver;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a source and its observer, and throws at random: before the observer has taken
 * what is handed over, or after, where only an exception that is none of the contract's is allowed.
 */
final class ThrowingObserver implements OpenObserver {

  private final OpenObserver observer;
  private final Random random;
  private final AtomicInteger thrown = new AtomicInteger();
  private volatile boolean throwing;

  ThrowingObserver(OpenObserver observer, Random random) {
    this.observer = observer;
    this.random = random;
  }

  void setThrowing(boolean on) {
    throwing = on;
  }

  /** How often it has thrown. */
  int thrown() {
    return thrown.get();
  }

  @Override
  public Path path() {
    return observer.path();
  }

  @Override
  public void opening(PagedDatabaseProvider<?> provider, @Nullable String defect)
      throws IOException {
    observer.opening(provider, defect);
  }

  @Override
  public AutoCloseable opened(PagedDatabase database) throws IOException {
    return observer.opened(new Between(database));
  }

  private void maybeThrow(boolean taken) throws IOException {
    if (!throwing || random.nextInt(8) > 0) {
      return;
    }
    thrown.incrementAndGet();
    switch (random.nextInt(3)) {
      case 0 -> throw new IllegalStateException("thrown by the test");
      case 1 -> throw new AssertionError("thrown by the test");
      default -> {
        if (!taken) {
          throw new IOException("thrown by the test");
        }
        throw new IllegalArgumentException("thrown by the test");
      }
    }
  }

  private final class Between implements PagedDatabase {

    private final PagedDatabase database;

    Between(PagedDatabase database) {
      this.database = database;
    }

    @Override
    public DatabaseInfo info() {
      return database.info();
    }

    @Override
    public void start(@Nullable ResumePosition resume, PageFlushObserver takes) throws IOException {
      database.start(resume, new Thrower(takes));
    }

    @Override
    public DatabaseImage snapshot() throws IOException {
      return database.snapshot();
    }

    @Override
    public void sync() throws IOException {
      database.sync();
    }

    @Override
    public void close() throws IOException {
      database.close();
    }
  }

  private final class Thrower implements PageFlushObserver {

    private final PageFlushObserver takes;

    Thrower(PageFlushObserver takes) {
      this.takes = takes;
    }

    @Override
    public void onPageFlush(PageFlush flush) throws IOException {
      maybeThrow(false);
      takes.onPageFlush(flush);
      maybeThrow(true);
    }

    @Override
    public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
      maybeThrow(false);
      takes.onBase(image, continuity);
      maybeThrow(true);
    }

    @Override
    public void onNotice(String message) {
      takes.onNotice(message);
    }

    @Override
    public void onTrouble(String message) {
      takes.onTrouble(message);
    }

    @Override
    public void onRecovered() {
      takes.onRecovered();
    }
  }
}
