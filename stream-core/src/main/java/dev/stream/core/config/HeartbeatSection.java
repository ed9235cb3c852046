package dev.stream.core.config;

import dev.stream.api.config.Secret;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The key {@code heartbeat}, as it is written. */
record HeartbeatSection(@Secret String url, @Nullable Duration interval) {

  HeartbeatConfig config() {
    return new HeartbeatConfig(url, Objects.requireNonNullElse(interval, HeartbeatConfig.INTERVAL));
  }

  /** Without the URL. */
  @Override
  public String toString() {
    return "HeartbeatSection[url=***, interval=" + interval + "]";
  }
}
