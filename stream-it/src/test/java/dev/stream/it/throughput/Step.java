package dev.stream.it.throughput;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is measured in a round, each held against another one. */
enum Step {
  PLAIN_PUT("plain client, put", null),
  STREAM_PUT("Stream, upload", PLAIN_PUT),
  PLAIN_GET("plain client, get to a file", null),
  STREAM_RANGES("Stream, parallel ranges", PLAIN_GET),
  STREAM_RESTORE("Stream, restore with proofs", PLAIN_GET),
  FAR_PUT("Stream, upload, 50 ms away", STREAM_PUT),
  FAR_RANGES("Stream, ranges, 50 ms away", STREAM_RANGES),
  FAR_RESTORE("Stream, restore, 50 ms away", STREAM_RESTORE);

  private final String description;
  private final @Nullable Step base;

  Step(String description, @Nullable Step base) {
    this.description = description;
    this.base = base;
  }

  String description() {
    return description;
  }

  /** What it is compared with. */
  Optional<Step> base() {
    return Optional.ofNullable(base);
  }
}
