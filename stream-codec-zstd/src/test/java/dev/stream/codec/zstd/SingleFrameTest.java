package dev.stream.codec.zstd;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both engines refuse what the format rules out, and take all that it allows. */
class SingleFrameTest {

  @AfterEach
  void unset() {
    System.clearProperty(ZstdCodecProvider.PURE_PROPERTY);
  }

  private static void unpack(byte[] packed, int length) throws IOException {
    Codec codec = new ZstdCodecProvider().create(CodecSettings.DEFAULTS);
    codec.decompress(packed, 0, packed.length, new byte[length], 0, length);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoFramesAreNoBlock(boolean pure) {
    System.setProperty(ZstdCodecProvider.PURE_PROPERTY, Boolean.toString(pure));
    byte[] one = Zstd.compress(new byte[1000]);
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);
    assertThatCode(() -> unpack(one, 1000)).doesNotThrowAnyException();
    assertThatThrownBy(() -> unpack(two, 2000))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("after its one frame");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWindowOfMoreThanEightMebibytesIsRefused(boolean pure) {
    System.setProperty(ZstdCodecProvider.PURE_PROPERTY, Boolean.toString(pure));
    byte[] packed = Zstd.compress(new byte[1000]);
    // The same frame with a window descriptor of 16 MiB instead of its content's size.
    byte[] wide = {
      0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0x00, (byte) ((24 - 10) << 3), 0x43, 0x1F, 0x00, 0x00
    };
    assertThatCode(() -> unpack(packed, 1000)).doesNotThrowAnyException();
    assertThatThrownBy(() -> unpack(wide, 1000)).hasMessageContaining("8 MiB are the most");
    byte[] narrow = wide.clone();
    narrow[5] = (byte) ((23 - 10) << 3);
    assertThatCode(() -> unpack(narrow, 1000)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 65_791, 65_792, 1_000_000})
  void everySizeThatIsWrittenIsTaken(int length) throws IOException {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    Arrays.fill(data, 0, length / 2, (byte) 3);
    for (boolean checksum : new boolean[] {false, true}) {
      try (ZstdCompressCtx context = new ZstdCompressCtx()) {
        byte[] packed = context.setLevel(19).setChecksum(checksum).compress(data);
        assertThatCode(() -> SingleFrame.require(packed, 0, packed.length))
            .doesNotThrowAnyException();
        assertThatThrownBy(() -> SingleFrame.require(packed, 0, packed.length - 1))
            .isInstanceOf(IOException.class);
      }
    }
  }
}
