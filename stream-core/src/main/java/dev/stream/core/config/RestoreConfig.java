package dev.stream.core.config;

/**
 * Whether a database that is missing, or that its source finds defective, is restored before it is
 * opened.
 *
 * @param enabled off by default
 */
public record RestoreConfig(boolean enabled) {

  /** No restore. */
  public static final RestoreConfig DEFAULTS = new RestoreConfig(false);
}
