package dev.stream.codec.zstd;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import dev.stream.testkit.codec.CodecContract;
import java.util.List;

/** The contract, for native and pure Java at once: each reads what the other wrote. */
final class ZstdCodecContractTest extends CodecContract {

  @Override
  protected CodecProvider provider() {
    return new ZstdCodecProvider();
  }

  @Override
  protected List<CodecSettings> otherSettings() {
    return List.of(
        new CodecSettings(1, null),
        new CodecSettings(22, null),
        new CodecSettings(null, 10),
        new CodecSettings(12, 23));
  }

  @Override
  protected List<Codec> otherCodecs() {
    return List.of(new ZstdCodec(new PureEngine(null)));
  }
}
