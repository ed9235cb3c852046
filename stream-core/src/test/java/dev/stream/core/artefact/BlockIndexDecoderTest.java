package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An index whose checksum matches is still not believed. */
final class BlockIndexDecoderTest {

  private static final ArtefactHeader HEADER = Artefacts.segment(512, 1, 100, Artefacts.NONE);

  @Test
  void readsWhatTheEncoderWrites() throws Exception {
    List<BlockEntry> blocks = decode(index(1, 98, 2, 512, 0), 1, 2, 512);

    assertThat(blocks).hasSize(1);
    assertThat(blocks.get(0).offset()).isEqualTo(1000);
    assertThat(blocks.get(0).pages()).hasToString("pages 99 to 100");
  }

  @Test
  void refusesPagesBeyondTheHighWaterMark() {
    assertRefused(index(1, 99, 2, 512, 0), 2, 512, "beyond 100");
    assertRefused(index(1, 100, 1, 512, 0), 1, 512, "beyond 100");
  }

  @Test
  void refusesABlockThatIsStoredInMoreThanItsRawLength() {
    assertRefused(index(1, 0, 1, 513, 0), 1, 513, "stored length of 513");
    assertRefused(index(1, 0, 1, 0, 0), 1, 0, "stored length of 0");
    assertRefused(index(1, 0, 1, Long.MAX_VALUE, 0), 1, 512, "stored length of");
  }

  @Test
  void refusesABlockOfMorePagesThanTheFormatAllows() {
    assertRefused(index(1, 0, 2049, 512, 0), 2049, 512, "number of pages of 2049");
    assertRefused(index(2049, 0, 1, 512, 0), 1, 512, "number of runs of 2049");
    assertRefused(index(0, 0, 1, 512, 0), 1, 512, "number of runs of 0");
    assertRefused(index(1, 0, 0, 512, 0), 0, 512, "number of pages of 0");
  }

  @Test
  void refusesNeighboursAsTwoRuns() {
    assertRefused(index(2, 0, 1, 0, 1, 512, 0), 2, 512, "gap of 0");
  }

  @Test
  void refusesAnIndexThatEndsEarlyOrNotAtAll() {
    byte[] whole = index(1, 0, 1, 512, 0);
    for (int length = 0; length < whole.length; length++) {
      assertRefused(Arrays.copyOf(whole, length), 1, 512, "ends early");
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1), 1, 512, "do not add up");
    byte[] endless = new byte[20];
    Arrays.fill(endless, (byte) -1);
    assertRefused(endless, 1, 512, "has no end");
  }

  @Test
  void refusesBlocksThatDoNotFillTheSpaceBeforeTheIndex() {
    assertRefused(index(1, 0, 1, 512, 0), 1, 511, "reaches into the index");
    assertRefused(index(1, 0, 1, 512, 0), 1, 513, "do not add up");
    assertRefused(index(1, 0, 1, 512, 0), 2, 512, "do not add up");
  }

  private static void assertRefused(byte[] index, long pages, long stored, String why) {
    assertThatThrownBy(() -> decode(index, 1, pages, stored))
        .isInstanceOf(ArtefactException.class)
        .hasMessageContaining(why);
  }

  private static List<BlockEntry> decode(byte[] index, long blocks, long pages, long stored)
      throws ArtefactException {
    Footer footer = new Footer(1000 + stored, index.length, blocks, pages, 0, 0, 0);
    return new BlockIndexDecoder(index, HEADER, "test").decode(footer, 1000);
  }

  /** The numbers as varints, the last of them as a checksum. */
  private static byte[] index(long... numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < numbers.length - 1; i++) {
      long rest = numbers[i];
      for (; rest >= 0x80; rest >>>= 7) {
        out.write((int) rest | 0x80);
      }
      out.write((int) rest);
    }
    out.writeBytes(new byte[8]);
    return out.toByteArray();
  }
}
