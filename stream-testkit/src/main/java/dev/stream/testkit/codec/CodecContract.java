package dev.stream.testkit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecProvider;
import dev.stream.api.codec.CodecSettings;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every codec must do: each promise of {@link Codec} and {@link CodecProvider}, as a test. A
 * codec's module extends this class and supplies its provider.
 */
@Timeout(120)
public abstract class CodecContract {

  private static final byte CANARY = 0x5a;
  private static final int MARGIN = 64;

  private List<Codec> codecs = List.of();

  /** For subclasses. */
  protected CodecContract() {}

  /** The provider under test. */
  protected abstract CodecProvider provider();

  /** Settings beside the defaults, such as the lowest and the highest level. */
  protected List<CodecSettings> otherSettings() {
    return List.of();
  }

  /** Codecs of the same name made otherwise, such as another implementation of the format. */
  protected List<Codec> otherCodecs() throws IOException {
    return List.of();
  }

  @BeforeEach
  void createCodecs() throws IOException {
    List<Codec> all = new ArrayList<>();
    all.add(provider().create(CodecSettings.DEFAULTS));
    for (CodecSettings settings : otherSettings()) {
      all.add(provider().create(settings));
    }
    all.addAll(otherCodecs());
    codecs = List.copyOf(all);
  }

  @Test
  void theNameIsThatOfTheProvider() {
    assertThat(provider().name()).matches("[a-z][a-z0-9-]*");
    for (Codec codec : codecs) {
      assertThat(codec.name()).isEqualTo(provider().name());
      assertThat(codec.description()).isNotBlank();
    }
  }

  @Test
  void blocksOfAllSizesComeBack() throws IOException {
    for (Codec codec : codecs) {
      for (byte[] block : blocks()) {
        byte[] packed = compress(codec, block);
        assertThat(decompress(codec, packed, block.length))
            .as(block.length + " bytes with " + codec.description())
            .isEqualTo(block);
      }
    }
  }

  @Test
  void everyCodecOfTheNameReadsWhatAnotherWrote() throws IOException {
    for (Codec writer : codecs) {
      for (byte[] block : blocks()) {
        byte[] packed = compress(writer, block);
        for (Codec reader : codecs) {
          assertThat(decompress(reader, packed, block.length))
              .as(writer.description() + " read by " + reader.description())
              .isEqualTo(block);
        }
      }
    }
  }

  @Test
  void onlyTheNamedRangesAreReadAndWritten() throws IOException {
    byte[] block = mixed(TestRun.random("ranges"), 10_000);
    for (Codec codec : codecs) {
      byte[] source = surround(block);
      byte[] target = new byte[MARGIN + codec.maxCompressedLength(block.length) + MARGIN];
      Arrays.fill(target, CANARY);
      int length = codec.compress(source, MARGIN, block.length, target, MARGIN);
      assertThat(length).isBetween(0, codec.maxCompressedLength(block.length));
      assertThat(source).as("source of compress").isEqualTo(surround(block));
      assertCanaries(target, MARGIN, MARGIN + codec.maxCompressedLength(block.length));

      byte[] packed = surround(Arrays.copyOfRange(target, MARGIN, MARGIN + length));
      byte[] untouched = packed.clone();
      byte[] restored = new byte[MARGIN + block.length + MARGIN];
      Arrays.fill(restored, CANARY);
      codec.decompress(packed, MARGIN, length, restored, MARGIN, block.length);
      assertThat(packed).as("source of decompress").isEqualTo(untouched);
      assertThat(restored).isEqualTo(surround(block));
    }
  }

  @Test
  void anotherLengthThanTheBlocksIsAnError() throws IOException {
    for (Codec codec : codecs) {
      for (byte[] block : List.of(new byte[4096], mixed(TestRun.random("length"), 4096))) {
        byte[] packed = compress(codec, block);
        for (int wrong : new int[] {0, 1, 4095, 4097, 8192}) {
          assertThatThrownBy(() -> decompress(codec, packed, wrong))
              .as("4096 bytes restored as " + wrong + " by " + codec.description())
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void aTruncatedBlockIsAnError() throws IOException {
    for (Codec codec : codecs) {
      for (byte[] block : List.of(new byte[4096], mixed(TestRun.random("truncated"), 4096))) {
        byte[] packed = compress(codec, block);
        int step = Math.max(1, packed.length / TestRun.rounds(200, 5000));
        for (int length = 0; length < packed.length; length += step) {
          byte[] part = Arrays.copyOf(packed, length);
          assertThatThrownBy(() -> decompress(codec, part, block.length))
              .as(length + " of " + packed.length + " bytes, " + codec.description())
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  /** It may yield wrong bytes, since the artefact carries the checksum, but nothing worse. */
  @Test
  void damageIsAnIoExceptionIfAnything() throws IOException {
    Random random = TestRun.random("damage");
    for (Codec codec : codecs) {
      byte[] block = mixed(random, 4096);
      byte[] packed = compress(codec, block);
      for (int i = 0; i < TestRun.rounds(500, 20_000); i++) {
        byte[] damaged = packed.clone();
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        tryDecompress(codec, damaged, block.length);
        byte[] garbage = new byte[random.nextInt(300)];
        random.nextBytes(garbage);
        tryDecompress(codec, garbage, block.length);
      }
    }
  }

  @Test
  void severalThreadsMayShareACodec() throws Exception {
    int threads = 4;
    for (Codec codec : codecs) {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      try {
        List<Future<?>> futures = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
          Random random = TestRun.random("thread " + t);
          futures.add(
              executor.submit(
                  () -> {
                    for (int i = 0; i < TestRun.rounds(50, 2000); i++) {
                      byte[] block = mixed(random, random.nextInt(20_000));
                      assertThat(decompress(codec, compress(codec, block), block.length))
                          .isEqualTo(block);
                    }
                    return null;
                  }));
        }
        for (Future<?> future : futures) {
          future.get(60, TimeUnit.SECONDS);
        }
      } finally {
        executor.shutdownNow();
      }
    }
  }

  private static List<byte[]> blocks() {
    Random random = TestRun.random("blocks");
    Map<Integer, byte[]> zeros = new LinkedHashMap<>();
    List<byte[]> blocks = new ArrayList<>();
    for (int size :
        new int[] {0, 1, 2, 511, 512, 513, 4096, 65_535, 65_536, 65_537, 256 << 10, 1 << 20}) {
      zeros.put(size, new byte[size]);
      byte[] incompressible = new byte[size];
      random.nextBytes(incompressible);
      blocks.add(incompressible);
      blocks.add(mixed(random, size));
    }
    blocks.addAll(zeros.values());
    return blocks;
  }

  /** Runs that compress between runs that do not, as in pages of a database. */
  private static byte[] mixed(Random random, int size) {
    byte[] block = new byte[size];
    for (int at = 0; at < size; ) {
      int end = Math.min(size, at + 1 + random.nextInt(500));
      if (random.nextBoolean()) {
        Arrays.fill(block, at, end, (byte) random.nextInt());
      } else {
        for (int i = at; i < end; i++) {
          block[i] = (byte) random.nextInt();
        }
      }
      at = end;
    }
    return block;
  }

  private static byte[] compress(Codec codec, byte[] block) throws IOException {
    byte[] target = new byte[codec.maxCompressedLength(block.length)];
    int length = codec.compress(block, 0, block.length, target, 0);
    return Arrays.copyOf(target, length);
  }

  private static byte[] decompress(Codec codec, byte[] packed, int length) throws IOException {
    byte[] target = new byte[MARGIN + length + MARGIN];
    Arrays.fill(target, CANARY);
    try {
      codec.decompress(packed, 0, packed.length, target, MARGIN, length);
    } finally {
      assertCanaries(target, MARGIN, MARGIN + length);
    }
    return Arrays.copyOfRange(target, MARGIN, MARGIN + length);
  }

  private static void tryDecompress(Codec codec, byte[] packed, int length) {
    try {
      decompress(codec, packed, length);
    } catch (IOException expected) {
      assertThat(expected).as("failure of " + codec.description()).hasMessageMatching("(?s).+");
    }
  }

  private static byte[] surround(byte[] content) {
    byte[] surrounded = new byte[MARGIN + content.length + MARGIN];
    Arrays.fill(surrounded, CANARY);
    System.arraycopy(content, 0, surrounded, MARGIN, content.length);
    return surrounded;
  }

  private static void assertCanaries(byte[] array, int from, int to) {
    for (int i = 0; i < array.length; i++) {
      if ((i < from || i >= to) && array[i] != CANARY) {
        throw new AssertionError("wrote outside the target range, at " + (i - from));
      }
    }
  }
}
