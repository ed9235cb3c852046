package dev.stream.testkit.codec;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;

/** Provides the example of docs/CODECS.md. */
public final class DeflateCodecProvider implements CodecProvider {

  /** For {@link java.util.ServiceLoader}. */
  public DeflateCodecProvider() {}

  @Override
  public String name() {
    return "deflate";
  }

  @Override
  public Codec create(CodecSettings settings) {
    Integer level = settings.level();
    if (level != null && (level < 1 || level > 9)) {
      throw new IllegalArgumentException("level: " + level + "; deflate has levels 1 to 9");
    }
    if (settings.window() != null) {
      throw new IllegalArgumentException("window: deflate has one window only; leave it out");
    }
    return new DeflateCodec(level == null ? 6 : level);
  }
}
