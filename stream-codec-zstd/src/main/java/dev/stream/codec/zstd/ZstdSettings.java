package dev.stream.codec.zstd;

import dev.stream.api.codec.CodecSettings;
import org.jspecify.annotations.Nullable;

/**
 * Settings within what every decoder reads.
 *
 * @param level the encoder's own, from 1 to 19
 * @param window base-2 logarithm of the window; null for the level's own
 */
record ZstdSettings(int level, @Nullable Integer window) {

  private static final int DEFAULT_LEVEL = 3;
  private static final int MAX_LEVEL = 22;

  /** Above it the encoder takes windows of more than 8 MiB, which aircompressor refuses. */
  private static final int MAX_ENCODER_LEVEL = 19;

  private static final int MIN_WINDOW = 10;
  private static final int MAX_WINDOW = 23;

  static ZstdSettings of(CodecSettings settings) {
    Integer level = settings.level();
    if (level != null && (level < 1 || level > MAX_LEVEL)) {
      throw new IllegalArgumentException(
          "level: " + level + " is out of range; zstd has levels 1 to " + MAX_LEVEL);
    }
    Integer window = settings.window();
    if (window != null && (window < MIN_WINDOW || window > MAX_WINDOW)) {
      throw new IllegalArgumentException(
          "window: "
              + window
              + " is out of range; it is the base-2 logarithm of the window in bytes, "
              + MIN_WINDOW
              + " (1 KiB) to "
              + MAX_WINDOW
              + " (8 MiB)");
    }
    return new ZstdSettings(
        Math.min(level == null ? DEFAULT_LEVEL : level, MAX_ENCODER_LEVEL), window);
  }
}
