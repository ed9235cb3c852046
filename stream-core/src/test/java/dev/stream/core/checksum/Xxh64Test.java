package dev.stream.core.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Xxh64Test {

  private static final long PRIME_32 = 2654435761L;

  /** The vectors of the reference implementation's own sanity check. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, ef46db3751d8e999",
    "0, 2654435761, ac75fda2929b17ef",
    "1, 0, e934a84adb052768",
    "1, 2654435761, 5014607643a9b4c3",
    "4, 0, 9136a0dca57457ee",
    "14, 0, 8282dcc4994e35c8",
    "14, 2654435761, c3bd6bf63deb6df0",
    "222, 0, b641ae8cb691c174",
    "222, 2654435761, 20cb8ab7ae10c14a",
  })
  void hashesThePublishedVectors(int length, long seed, String expected) {
    byte[] data = referenceBytes(length);

    assertThat(Long.toHexString(Xxh64.hash(data, 0, length, seed))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"a, d24ec4f1a98c6e5b", "abc, 44bc2cf5ad770999"})
  void hashesWellKnownTexts(String text, String expected) {
    byte[] data = text.getBytes(StandardCharsets.US_ASCII);

    assertThat(Long.toHexString(Xxh64.hash(data, 0, data.length, 0))).isEqualTo(expected);
  }

  @Test
  void hashesTheSameFromArraysAndBuffersOfAnyKindAtAnyOffset() {
    for (int length = 0; length < 200; length++) {
      byte[] data = referenceBytes(length);
      long expected = Xxh64.hash(data, 0, length, 7);
      byte[] shifted = new byte[length + 8];
      System.arraycopy(data, 0, shifted, 5, length);
      ByteBuffer direct = ByteBuffer.allocateDirect(length + 8).put(5, data).position(5);
      direct.limit(5 + length);
      ByteBuffer heap = ByteBuffer.wrap(shifted, 5, length);

      assertThat(Xxh64.hash(shifted, 5, length, 7)).isEqualTo(expected);
      assertThat(Xxh64.hash(heap, 7)).isEqualTo(expected);
      assertThat(Xxh64.hash(heap.slice(), 7)).isEqualTo(expected);
      assertThat(Xxh64.hash(heap.asReadOnlyBuffer(), 7)).isEqualTo(expected);
      assertThat(Xxh64.hash(direct, 7)).isEqualTo(expected);
      assertThat(direct.remaining()).isEqualTo(length);
    }
  }

  @Test
  void hashesALongAsItsLittleEndianBytes() {
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};

    assertThat(Xxh64.hash(0x0807060504030201L, PRIME_32))
        .isEqualTo(Xxh64.hash(bytes, 0, 8, PRIME_32));
  }

  @Test
  void refusesARangeOutsideTheArray() {
    assertThatThrownBy(() -> Xxh64.hash(new byte[10], 8, 3, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static byte[] referenceBytes(int length) {
    byte[] data = new byte[length];
    long generator = PRIME_32;
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (generator >>> 56);
      generator *= 0x9E3779B185EBCA8DL;
    }
    return data;
  }
}
