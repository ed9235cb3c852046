package dev.stream.testkit.codec;

import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import java.util.List;

/** What docs/CODECS.md shows keeps the contract that it speaks of. */
final class DeflateCodecTest extends CodecContract {

  @Override
  protected CodecProvider provider() {
    return new DeflateCodecProvider();
  }

  @Override
  protected List<CodecSettings> otherSettings() {
    return List.of(new CodecSettings(1, null), new CodecSettings(9, null));
  }
}
