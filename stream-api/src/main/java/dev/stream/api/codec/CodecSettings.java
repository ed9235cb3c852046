package dev.stream.api.codec;

import org.jspecify.annotations.Nullable;

/**
 * How hard a codec works when writing. A codec maps the level to the closest its encoder has.
 *
 * @param level compression level in the codec's own scale; null for its default
 * @param window base-2 logarithm of the match window in bytes; null for the codec's default
 */
public record CodecSettings(@Nullable Integer level, @Nullable Integer window) {

  /** The codec's own defaults; what a reader uses. */
  public static final CodecSettings DEFAULTS = new CodecSettings(null, null);
}
