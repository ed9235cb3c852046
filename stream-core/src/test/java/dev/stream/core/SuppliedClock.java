package dev.stream.core;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that shows what a test says. */
public final class SuppliedClock extends Clock {

  private final InstantSource source;

  /** A clock that asks {@code source}. */
  public SuppliedClock(InstantSource source) {
    this.source = source;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return source.instant();
  }
}
