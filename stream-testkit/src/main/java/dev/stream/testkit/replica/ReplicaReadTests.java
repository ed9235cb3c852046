package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Ranges, and what is not there. */
abstract class ReplicaReadTests extends ReplicaPutTests {

  private static final byte[] CONTENT = TestBody.bytes(3, 100_000);

  @Test
  void aRangeYieldsExactlyItsBytes() throws Exception {
    put("g/a", CONTENT);
    int[] offsets = {0, 1, 4095, 4096, 50_000, CONTENT.length - 1};
    int[] lengths = {1, 2, 511, 4096, 33_333};
    for (int offset : offsets) {
      for (int length : lengths) {
        int end = Math.min(CONTENT.length, offset + length);
        assertThat(read(replica, "g/a", offset, length))
            .as(length + " bytes from " + offset)
            .isEqualTo(Arrays.copyOfRange(CONTENT, offset, end));
      }
    }
  }

  @Test
  void aRangeEndsWhereTheObjectDoes() throws Exception {
    put("g/a", CONTENT);
    byte[] tail = Arrays.copyOfRange(CONTENT, 99_990, CONTENT.length);
    assertThat(read(replica, "g/a", 99_990, 11)).isEqualTo(tail);
    assertThat(read(replica, "g/a", 99_990, Long.MAX_VALUE)).isEqualTo(tail);
    assertThat(read(replica, "g/a", 0, CONTENT.length + 1L)).isEqualTo(CONTENT);
  }

  @Test
  void aRangeAtOrBeyondTheEndIsEmpty() throws Exception {
    put("g/a", CONTENT);
    put("g/empty", new byte[0]);
    assertThat(read(replica, "g/a", CONTENT.length, 1)).isEmpty();
    assertThat(read(replica, "g/a", CONTENT.length + 1_000_000L, Long.MAX_VALUE)).isEmpty();
    assertThat(read(replica, "g/empty", 0, 1)).isEmpty();
    assertThat(read(replica, "g/empty", 5, 10)).isEmpty();
  }

  @Test
  @SuppressWarnings("try")
  void streamsOfOneObjectAreIndependentAndMayBeClosedEarly() throws Exception {
    put("g/a", CONTENT);
    try (InputStream first = replica.open(key("g/a"), 0, CONTENT.length);
        InputStream second = replica.open(key("g/a"), 10, CONTENT.length)) {
      assertThat(first.readNBytes(5)).isEqualTo(Arrays.copyOf(CONTENT, 5));
      assertThat(second.read()).isEqualTo(CONTENT[10] & 0xff);
      first.close();
      assertThat(second.readAllBytes()).isEqualTo(Arrays.copyOfRange(CONTENT, 11, CONTENT.length));
    }
    assertThat(read("g/a")).isEqualTo(CONTENT);
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    assertNotFound("g/a");
    put("g/a/b");
    assertNotFound("g");
    assertNotFound("g/a");
    assertNotFound("g/a/b/c");
    assertNotFound("g/a/bb");
    assertNotFound("x".repeat(255));
    assertNotFound(("x".repeat(127) + "/").repeat(3) + "x".repeat(128));
  }

  /** Already the opening says so, whatever the range. */
  private void assertNotFound(String key) {
    for (long offset : new long[] {0, 1000}) {
      Throwable failure = catchThrowable(() -> replica.open(key(key), offset, 1).close());
      assertThat(failure).as("opening " + key).isInstanceOf(ReplicaException.class);
      assertThat(((ReplicaException) failure).reason()).isEqualTo(Reason.NOT_FOUND);
      assertThat(failure).hasMessageContaining(key);
    }
  }
}
