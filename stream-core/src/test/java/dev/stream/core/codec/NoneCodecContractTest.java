package dev.stream.core.codec;

import dev.stream.api.codec.CodecProvider;
import dev.stream.testkit.codec.CodecContract;

final class NoneCodecContractTest extends CodecContract {

  @Override
  protected CodecProvider provider() {
    return new NoneCodecProvider();
  }
}
