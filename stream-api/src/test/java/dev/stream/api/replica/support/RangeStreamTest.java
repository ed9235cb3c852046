package dev.stream.api.replica.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class RangeStreamTest {

  private static final byte[] CONTENT = {-1, 2, 3, 4};

  private int released;

  private RangeStream of(long length, InputStream in) {
    return new RangeStream(length) {
      @Override
      protected int readSome(byte[] target, int offset, int count) throws IOException {
        assertThat(count).isPositive();
        return in.read(target, offset, count);
      }

      @Override
      protected IOException typed(IOException failure) {
        return new IOException("typed", failure);
      }

      @Override
      protected void release() {
        released++;
      }
    };
  }

  @Test
  void noMoreThanTheRangeIsRead() throws Exception {
    try (RangeStream range = of(3, new ByteArrayInputStream(CONTENT))) {
      assertThat(range.read()).isEqualTo(255);
      assertThat(range.read(new byte[0])).isZero();
      assertThat(range.readAllBytes()).containsExactly(2, 3);
      assertThat(range.read()).isEqualTo(-1);
    }
    try (RangeStream all = of(Long.MAX_VALUE, new ByteArrayInputStream(CONTENT))) {
      assertThat(all.readAllBytes()).isEqualTo(CONTENT);
    }
  }

  @Test
  void aFailureIsTyped() throws Exception {
    InputStream failing = InputStream.nullInputStream();
    failing.close();
    try (RangeStream range = of(3, failing)) {
      assertThatThrownBy(range::read).hasMessage("typed");
    }
  }

  @Test
  void closingReleasesOnceAndEndsReading() throws Exception {
    RangeStream range = of(3, new ByteArrayInputStream(CONTENT));
    range.close();
    range.close();
    assertThat(released).isEqualTo(1);
    assertThatThrownBy(range::read).hasMessage("the stream is closed");
  }
}
