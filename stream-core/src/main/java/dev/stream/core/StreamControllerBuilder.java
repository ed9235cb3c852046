package dev.stream.core;

import dev.stream.api.database.PagedDatabase;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamListener;
import dev.stream.core.plugin.PluginRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link StreamController} needs. For one thread. */
public final class StreamControllerBuilder {

  @Nullable StreamConfig config;
  @Nullable PagedDatabase database;
  @Nullable PluginRegistry plugins;
  Clock clock = Clock.systemUTC();
  StreamListener listener = StreamListener.SILENT;
  boolean acceptNewGeneration;
  boolean created;
  @Nullable Duration patience;

  StreamControllerBuilder() {}

  /** The configuration; required. */
  public StreamControllerBuilder config(StreamConfig configuration) {
    this.config = Objects.requireNonNull(configuration, "config");
    return this;
  }

  /**
   * A database that the application has opened, instead of the configuration's. The controller
   * closes it. It cannot be restored first, for that has to happen before it is opened.
   */
  public StreamControllerBuilder database(PagedDatabase open) {
    this.database = Objects.requireNonNull(open, "database");
    return this;
  }

  /** Where to find codecs that older artefacts name; by default what can be discovered. */
  public StreamControllerBuilder plugins(PluginRegistry registry) {
    this.plugins = Objects.requireNonNull(registry, "plugins");
    return this;
  }

  /** Tells when commits are captured and how old they are; the system's clock by default. */
  public StreamControllerBuilder clock(Clock source) {
    this.clock = Objects.requireNonNull(source, "clock");
    return this;
  }

  /** Who learns what happens. */
  public StreamControllerBuilder listener(StreamListener target) {
    this.listener = Objects.requireNonNull(target, "listener");
    return this;
  }

  /**
   * Whether the database may become the newest state of a replica that holds another one. By
   * default it is refused: an empty database would age out a good one. What the replica holds stays
   * until its retention ends.
   */
  public StreamControllerBuilder acceptNewGeneration(boolean accepted) {
    this.acceptNewGeneration = accepted;
    return this;
  }

  /**
   * How long {@link StreamController#start} waits for the application to create the database if
   * there is none, and nothing to restore it from; instead of what the configuration says. An
   * interrupt ends the waiting.
   */
  public StreamControllerBuilder waitForDatabase(Duration atMost) {
    this.patience = atMost;
    return this;
  }

  /** Whether the database's file was missing before the application opened it. */
  StreamControllerBuilder created(boolean missing) {
    this.created = missing;
    return this;
  }

  /**
   * A controller, not started.
   *
   * @throws IllegalStateException if there is no configuration
   */
  public StreamController build() {
    if (config == null) {
      throw new IllegalStateException("a StreamController needs a configuration");
    }
    return new StreamController(this, Objects.requireNonNull(config));
  }
}
