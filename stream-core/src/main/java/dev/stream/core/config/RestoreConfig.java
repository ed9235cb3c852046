package dev.stream.core.config;

/**
 * Whether a missing database is restored before it is opened.
 *
 * @param enabled off by default
 */
public record RestoreConfig(boolean enabled) {

  /** No restore. */
  public static final RestoreConfig DEFAULTS = new RestoreConfig(false);
}
