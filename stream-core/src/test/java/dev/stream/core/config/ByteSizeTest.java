package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "512, 512",
    "7B, 7",
    "64MiB, 67108864",
    "8 GiB, 8589934592",
    "1kB, 1000",
    "2TB, 2000000000000"
  })
  void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GiB", "-1GiB", "1.5GiB", "1gib", "1 GiB ", "8EiB"})
  void anythingElseIsRefusedWithExamples(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessage("is not a size, such as \"64MiB\", \"8GiB\" or a number of bytes");
  }

  @Test
  void moreBytesThanALongHoldsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse("8388608TiB"))
        .withMessage("is more bytes than can be counted");
  }
}
