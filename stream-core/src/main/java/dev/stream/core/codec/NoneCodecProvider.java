package dev.stream.core.codec;

import com.google.auto.service.AutoService;
import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;

/** Provides the codec {@code none}: blocks are stored as they are. */
@AutoService(CodecProvider.class)
public final class NoneCodecProvider implements CodecProvider {

  /** For {@link java.util.ServiceLoader}. */
  public NoneCodecProvider() {}

  @Override
  public String name() {
    return NoneCodec.NAME;
  }

  /**
   * Makes the codec.
   *
   * @throws IllegalArgumentException if a level or a window is set: there is nothing to tune
   */
  @Override
  public Codec create(CodecSettings settings) {
    if (settings.level() != null) {
      throw new IllegalArgumentException(
          "level: the codec none has no levels; leave it out, or choose another codec");
    }
    if (settings.window() != null) {
      throw new IllegalArgumentException(
          "window: the codec none has no window; leave it out, or choose another codec");
    }
    return new NoneCodec();
  }
}
