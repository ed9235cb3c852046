package dev.stream.core.config;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import java.io.IOException;
import java.util.List;

/**
 * How new artefacts are compressed.
 *
 * @param provider makes the codec
 * @param settings level and window, or the codec's defaults
 */
public record CompressionConfig(CodecProvider provider, CodecSettings settings) {

  /** The codec's name. */
  public String codec() {
    return provider.name();
  }

  /**
   * Makes the codec.
   *
   * @throws ConfigException if a setting is outside what the format allows
   * @throws IOException if the codec cannot run on this machine
   */
  public Codec open() throws IOException {
    try {
      return provider.create(settings);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "",
          List.of(
              ConfigProblem.of(
                  "compression", String.valueOf(e.getMessage()), List.of("level", "window"))));
    }
  }
}
