package dev.stream.api.replica.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExactBodyTest {

  private static final byte[] CONTENT = {1, 2, 3, 4, 5, 6, 7, 8};

  private static ObjectBody body(long size, InputStream in) {
    return new ObjectBody() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() {
        return in;
      }
    };
  }

  private static ObjectBody announcing(long size) {
    return body(size, new ByteArrayInputStream(CONTENT));
  }

  /** Fails instead of telling whether there is more after its bytes. */
  private static InputStream torn(Exception failure) {
    return new InputStream() {
      private int position;

      @Override
      public int read() throws IOException {
        if (position < CONTENT.length) {
          return CONTENT[position++];
        }
        if (failure instanceof IOException checked) {
          throw checked;
        }
        throw (RuntimeException) failure;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        target[offset] = (byte) read();
        return 1;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 100})
  void whatIsAnnouncedIsYielded(int chunk) throws Exception {
    try (ExactBody exact = ExactBody.open("g/a", announcing(8))) {
      byte[] found = new byte[0];
      byte[] buffer = new byte[chunk];
      for (int count; (count = exact.read(buffer)) >= 0; ) {
        found = Arrays.copyOf(found, found.length + count);
        System.arraycopy(buffer, 0, found, found.length - count, count);
      }
      assertThat(found).isEqualTo(CONTENT);
      assertThat(exact.read()).isEqualTo(-1);
      assertThat(exact.failure()).isNull();
    }
  }

  @Test
  void aPartFromTheMiddleIsYielded() throws Exception {
    try (ExactBody exact = ExactBody.open("g/a", announcing(8))) {
      exact.skipNBytes(3);
      assertThat(exact.readNBytes(2)).containsExactly(4, 5);
      assertThat(exact.readAllBytes()).containsExactly(6, 7, 8);
    }
  }

  @Test
  void aBodyThatEndsBeforeThePartIsOfTheWrongSize() throws Exception {
    try (ExactBody exact = ExactBody.open("g/a", announcing(20))) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> exact.skipNBytes(10));
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure).hasMessageContaining("fewer than the 20 bytes announced");
    }
  }

  @Test
  void theLastBytesOfAWrongBodyAreNeverYielded() throws Exception {
    for (ObjectBody wrong :
        new ObjectBody[] {
          announcing(7), announcing(9), body(8, torn(new IOException("told to fail")))
        }) {
      try (ExactBody exact = ExactBody.open("g/a", wrong)) {
        ReplicaException failure = null;
        for (int yielded = 0; failure == null; yielded++) {
          assertThat(yielded).as("bytes yielded").isLessThan((int) wrong.size());
          failure = catchThrowableOfType(ReplicaException.class, exact::read);
        }
        assertThat(failure).hasMessageStartingWith("cannot store g/a: ");
        assertThat(failure.reason())
            .isEqualTo(wrong.size() == 8 ? Reason.UNAVAILABLE : Reason.REJECTED);
        assertThat(exact.failure()).isSameAs(failure);
      }
    }
  }

  @Test
  void aRuntimeExceptionIsAFailureOfTheContent() throws Exception {
    IllegalStateException thrown = new IllegalStateException("told to fail");
    try (ExactBody exact = ExactBody.open("g/a", body(8, torn(thrown)))) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> exact.readNBytes(8));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("told to fail").hasCause(thrown);
    }
  }

  @Test
  void anEmptyBodyIsCheckedThoughNobodyReadsIt() throws Exception {
    boolean[] closed = new boolean[1];
    InputStream in =
        new ByteArrayInputStream(CONTENT) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    ReplicaException failure =
        catchThrowableOfType(
            ReplicaException.class, () -> ExactBody.open("g/a", body(0, in)).close());
    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure).hasMessageContaining("more than the 0 bytes announced");
    assertThat(closed[0]).as("closed").isTrue();
    ExactBody.open("g/a", body(0, InputStream.nullInputStream())).close();
  }
}
