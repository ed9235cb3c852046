package dev.stream.core.config;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The key {@code http}, as it is written. */
record HttpSection(String address, @Nullable List<String> hosts) {

  HttpConfig config() {
    return new HttpConfig(address, Objects.requireNonNullElse(hosts, List.of()));
  }
}
