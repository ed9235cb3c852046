package dev.stream.codec.zstd;

import com.google.auto.service.AutoService;
import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import java.io.IOException;

/**
 * Provides the codec {@code zstd}: the native library where it loads, else pure Java, if
 * aircompressor is there. Either reads what the other wrote.
 *
 * <p>Levels are 1 to 22, by default 3; 20 to 22 are taken as 19, the highest whose window every
 * decoder has room for. The window is 10 to 23, the base-2 logarithm of its bytes. The pure-Java
 * encoder has a single level and window, to which all are mapped.
 *
 * <p>The system property {@value #PURE_PROPERTY} set to {@code true} selects pure Java even where
 * the native library would load.
 */
@AutoService(CodecProvider.class)
public final class ZstdCodecProvider implements CodecProvider {

  /** The system property that selects pure Java; read whenever a codec is made. */
  public static final String PURE_PROPERTY = "dev.stream.codec.zstd.pure";

  static final String NAME = "zstd";

  /** For {@link java.util.ServiceLoader}. */
  public ZstdCodecProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Makes a codec.
   *
   * @throws IllegalArgumentException naming {@code level} or {@code window} if it is out of range
   * @throws IOException if neither the native library nor pure Java can run on this machine
   */
  @Override
  public Codec create(CodecSettings settings) throws IOException {
    ZstdSettings validated = ZstdSettings.of(settings);
    return new ZstdCodec(ZstdEngine.choose(validated, Boolean.getBoolean(PURE_PROPERTY)));
  }
}
