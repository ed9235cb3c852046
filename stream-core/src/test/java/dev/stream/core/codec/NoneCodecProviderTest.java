package dev.stream.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import java.io.IOException;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class NoneCodecProviderTest {

  @Test
  void isFoundByTheServiceLoader() {
    assertThat(ServiceLoader.load(CodecProvider.class))
        .anySatisfy(provider -> assertThat(provider).isInstanceOf(NoneCodecProvider.class));
  }

  @Test
  void restoresWhatItStored() throws IOException {
    Codec codec = new NoneCodecProvider().create(CodecSettings.DEFAULTS);
    byte[] source = {9, 1, 2, 3, 9};
    byte[] stored = new byte[1 + codec.maxCompressedLength(3)];
    byte[] restored = new byte[5];

    assertThat(codec.compress(source, 1, 3, stored, 1)).isEqualTo(3);
    codec.decompress(stored, 1, 3, restored, 2, 3);

    assertThat(restored).containsExactly(0, 0, 1, 2, 3);
  }

  @Test
  void refusesABlockOfAnotherLength() {
    Codec codec = new NoneCodecProvider().create(CodecSettings.DEFAULTS);

    assertThatThrownBy(() -> codec.decompress(new byte[4], 0, 4, new byte[5], 0, 5))
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesSettingsThatItCannotHonour() {
    NoneCodecProvider provider = new NoneCodecProvider();

    assertThatThrownBy(() -> provider.create(new CodecSettings(3, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("level");
    assertThatThrownBy(() -> provider.create(new CodecSettings(null, 20)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("window");
  }
}
