package dev.stream.spring;

import dev.stream.core.Observer;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamListener;
import dev.stream.core.metric.MetricSource;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** H2 runs in this JVM, and Stream in its commit path, for as long as H2 has the file open. */
final class H2Replication implements DatabaseReplication {

  private final Observer observer;
  private final H2Registration registration;

  /** Restores the file if that is due, and has it observed from its next opening on. */
  H2Replication(StreamConfig config, StreamListener listener) throws IOException {
    observer = Observer.of(config, listener);
    registration = H2Stream.register(observer);
  }

  @Override
  public Path database() {
    return observer.path();
  }

  @Override
  public @Nullable StreamController controller() {
    return observer.controller();
  }

  @Override
  public MetricSource metrics() {
    return observer;
  }

  @Override
  public @Nullable String failure() {
    return null; // H2 does not open a file that cannot be captured
  }

  @Override
  public void close() {
    registration.close();
  }
}
