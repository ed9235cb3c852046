package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.it.Bytes;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An object that would fit into the heap of no small process, on every server that no database of a
 * gigabyte is replicated to.
 */
final class VeryLargeObjectIT {

  private static final long SIZE = 160_000_000;

  @TempDir Path folder;

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("dev.stream.it.backend.BackendKind#further")
  void arrivesWhole(BackendKind kind) throws Exception {
    ObjectKey key = new ObjectKey("g/a");
    try (Backend backend = kind.start();
        Place place = new Place(backend.type(), backend.config("large"), folder)) {
      place.replica().put(key, new Generated());
      try (InputStream found = place.replica().open(key, 0, Long.MAX_VALUE);
          InputStream expected = new Generated().open()) {
        for (long at = 0; at < SIZE; at += 1 << 20) {
          byte[] wanted = expected.readNBytes(1 << 20);
          Bytes.assertSame("bytes from " + at, found.readNBytes(1 << 20), wanted);
        }
        assertThat(found.read()).isEqualTo(-1);
      }
    }
  }

  /** No two stretches of it are the same. */
  private static final class Generated implements ObjectBody {

    @Override
    public long size() {
      return SIZE;
    }

    @Override
    public InputStream open() {
      return new InputStream() {
        private long position;

        @Override
        public int read() {
          return position == SIZE ? -1 : byteAt(position++) & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
          int count = (int) Math.min(length, SIZE - position);
          for (int i = 0; i < count; i++) {
            target[offset + i] = byteAt(position++);
          }
          return count == 0 && length > 0 ? -1 : count;
        }
      };
    }

    private static byte byteAt(long position) {
      return (byte) (((position >>> 3) * 0x9e3779b97f4a7c15L) >>> ((position & 7) * 8));
    }
  }
}
