package dev.stream.core.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageHashTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 512, 4096, 65536})
  void aPageOfZerosHashesToZeroWhateverItsId(int length) {
    for (long id = 1; id < 5; id++) {
      assertThat(PageHash.of(id, new byte[length], 0, length)).isZero();
      assertThat(PageHash.of(id, ByteBuffer.allocateDirect(length))).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 12, 512})
  void oneBitAnywhereMakesAPageDifferentFromZeros(int length) {
    for (int bit = 0; bit < length * 8; bit++) {
      byte[] page = new byte[length];
      page[bit / 8] = (byte) (1 << (bit % 8));
      ByteBuffer direct = ByteBuffer.allocateDirect(length).put(0, page);

      assertThat(PageHash.of(3, page, 0, length)).isNotZero();
      assertThat(PageHash.of(3, direct)).isEqualTo(PageHash.of(3, page, 0, length));
    }
  }

  @Test
  void isXxh64SeededWithThePageId() {
    byte[] page = filled(1);

    assertThat(PageHash.of(42, page, 0, page.length))
        .isEqualTo(Xxh64.hash(page, 0, page.length, 42));
  }

  @Test
  void bytesAroundThePageDoNotCount() {
    byte[] page = new byte[1024];
    page[0] = 1;
    page[1023] = 1;

    assertThat(PageHash.of(1, page, 1, 512)).isZero();
    assertThat(PageHash.of(1, ByteBuffer.wrap(page, 1, 512))).isZero();
  }

  @Test
  void twoPagesThatTradePlacesChangeTheChecksumOfTheDatabase() {
    byte[] one = filled(1);
    byte[] other = filled(2);

    long checksum = PageHash.of(1, one, 0, one.length) ^ PageHash.of(2, other, 0, other.length);
    long traded = PageHash.of(1, other, 0, other.length) ^ PageHash.of(2, one, 0, one.length);

    assertThat(traded).isNotEqualTo(checksum);
  }

  @Test
  void equalPagesDoNotCancelEachOther() {
    byte[] page = filled(9);

    assertThat(PageHash.of(1, page, 0, page.length) ^ PageHash.of(2, page, 0, page.length))
        .isNotZero();
  }

  private static byte[] filled(int value) {
    byte[] page = new byte[512];
    Arrays.fill(page, (byte) value);
    return page;
  }
}
