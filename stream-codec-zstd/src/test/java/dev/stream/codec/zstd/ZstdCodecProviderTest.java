package dev.stream.codec.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ZstdCodecProviderTest {

  private final ZstdCodecProvider provider = new ZstdCodecProvider();

  @Test
  void isListedForTheServiceLoader() throws IOException {
    Enumeration<URL> files =
        ZstdCodecProvider.class
            .getClassLoader()
            .getResources("META-INF/services/" + CodecProvider.class.getName());
    StringBuilder services = new StringBuilder();
    while (files.hasMoreElements()) {
      try (InputStream in = files.nextElement().openStream()) {
        services.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }

    assertThat(services.toString()).contains(ZstdCodecProvider.class.getName());
  }

  @Test
  void saysThatTheNativeLibraryDoesTheWorkAndHow() throws IOException {
    assertThat(provider.create(CodecSettings.DEFAULTS).description())
        .startsWith("zstd-jni ")
        .endsWith(" level 3");
    assertThat(provider.create(new CodecSettings(6, 20)).description())
        .endsWith(" level 6 window 20");
  }

  @Test
  void takesPureJavaWhenAskedToAndSaysSo() throws IOException {
    System.setProperty(ZstdCodecProvider.PURE_PROPERTY, "true");
    try {
      Codec codec = provider.create(new CodecSettings(19, 23));

      assertThat(codec.description()).isEqualTo("aircompressor (pure Java, one level)");
    } finally {
      System.clearProperty(ZstdCodecProvider.PURE_PROPERTY);
    }
  }

  @Test
  void saysWhyTheNativeLibraryDoesNotDoTheWork() {
    assertThat(new PureEngine("UnsatisfiedLinkError: noexec").description())
        .contains("the native library did not load: UnsatisfiedLinkError: noexec");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 3", "19, 19", "20, 19", "22, 19"})
  void mapsALevelToTheClosestThatEveryDecoderReads(int level, int expected) throws IOException {
    assertThat(provider.create(new CodecSettings(level, null)).description())
        .endsWith(" level " + expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 23, Integer.MAX_VALUE})
  void refusesALevelOutOfRange(int level) {
    assertThatThrownBy(() -> provider.create(new CodecSettings(level, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("level: " + level + " is out of range")
        .hasMessageContaining("1 to 22");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 9, 24, 31})
  void refusesAWindowOutOfRange(int window) {
    assertThatThrownBy(() -> provider.create(new CodecSettings(null, window)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("window: " + window + " is out of range");
  }

  @Test
  void higherLevelsCompressMore() throws IOException {
    byte[] text = text(256 * 1024);

    int fast = length(provider.create(new CodecSettings(1, null)), text);
    int best = length(provider.create(new CodecSettings(19, null)), text);

    assertThat(best).isLessThan(fast);
    assertThat(fast).isLessThan(text.length / 2);
  }

  @Test
  void doesNotAddAChecksumOfItsOwn() throws IOException {
    Codec codec = provider.create(CodecSettings.DEFAULTS);
    byte[] packed = new byte[codec.maxCompressedLength(1000)];

    codec.compress(new byte[1000], 0, 1000, packed, 0);

    // The content-checksum flag of the frame header descriptor, RFC 8878 section 3.1.1.1.1.
    assertThat(packed[4] & 0x04).isZero();
  }

  @Test
  void refusesATargetThatIsTooSmallBeforeItTouchesIt() throws IOException {
    Codec codec = provider.create(CodecSettings.DEFAULTS);

    assertThatThrownBy(() -> codec.compress(new byte[10], 0, 10, new byte[10], 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void keepsABoundedNumberOfContexts() {
    int[] created = new int[1];
    int[] destroyed = new int[1];
    Pool<Object> pool =
        new Pool<>(
            () -> {
              created[0]++;
              return new Object();
            },
            context -> destroyed[0]++);
    nest(pool, 100);

    assertThat(created[0]).isEqualTo(100);
    assertThat(pool.idle()).isEqualTo(100 - destroyed[0]).isBetween(1, 99);
    assertThatThrownBy(
            () ->
                pool.with(
                    context -> {
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(pool.idle()).as("without the one that failed").isEqualTo(100 - destroyed[0]);
  }

  private static int nest(Pool<Object> pool, int depth) {
    return pool.with(context -> depth == 1 ? 0 : nest(pool, depth - 1));
  }

  private static int length(Codec codec, byte[] block) throws IOException {
    return codec.compress(
        block, 0, block.length, new byte[codec.maxCompressedLength(block.length)], 0);
  }

  private static byte[] text(int length) {
    byte[] text = new byte[length];
    Random random = new Random(1);
    String[] words = new String[500];
    Arrays.setAll(words, i -> Integer.toString(random.nextInt(), 36) + ' ');
    for (int at = 0; at < length; ) {
      byte[] word = words[random.nextInt(words.length)].getBytes(StandardCharsets.US_ASCII);
      int part = Math.min(word.length, length - at);
      System.arraycopy(word, 0, text, at, part);
      at += part;
    }
    return text;
  }
}
