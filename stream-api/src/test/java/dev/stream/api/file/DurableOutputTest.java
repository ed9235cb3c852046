package dev.stream.api.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A large file that goes to its disk bit by bit. */
final class DurableOutputTest {

  private static final int FIRST = DurableOutput.FIRST;
  private static final int STEP = DurableOutput.STEP;

  private final Random random = new Random();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  /** How much was written before each time it was forced to the disk. */
  private final List<Integer> forced = new ArrayList<>();

  private final DurableOutput output =
      new DurableOutput(new Reluctant(), metaData -> forced.add(written.size()));

  /** Takes a part of what it is given, now and then. */
  private final class Reluctant implements WritableByteChannel {

    @Override
    public int write(ByteBuffer bytes) {
      int all = bytes.remaining();
      byte[] some = new byte[random.nextBoolean() ? all : random.nextInt(all + 1)];
      bytes.get(some);
      written.writeBytes(some);
      return some.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void noMoreThanOneStepWaitsForTheDisk() throws Exception {
    long seed = random.nextLong();
    random.setSeed(seed);
    byte[] all = new byte[FIRST + 4 * STEP + 1 + random.nextInt(STEP - 1)];
    random.nextBytes(all);
    for (int at = 0; at < all.length; ) {
      int count = Math.min(1 + random.nextInt(3 * STEP), all.length - at);
      ByteBuffer bytes = ByteBuffer.wrap(all, at, count);
      output.write(bytes);
      assertThat(bytes.position()).isEqualTo(at + count);
      assertThat(bytes.limit()).isEqualTo(at + count);
      at += count;
    }
    output.finish();
    assertThat(written.toByteArray()).as("seed %d", seed).isEqualTo(all);
    assertThat(forced)
        .as("seed %d", seed)
        .containsExactly(
            FIRST, FIRST + STEP, FIRST + 2 * STEP, FIRST + 3 * STEP, FIRST + 4 * STEP, all.length);
  }

  @Test
  void aSmallFileIsForcedOnce() throws Exception {
    output.write(ByteBuffer.wrap(new byte[FIRST - 1]));
    assertThat(forced).isEmpty();
    output.finish();
    assertThat(forced).containsExactly(FIRST - 1);
  }

  @Test
  void aDiskThatFailsIsTold() {
    DurableOutput failing =
        new DurableOutput(
            new Reluctant(),
            metaData -> {
              throw new IOException("no disk");
            });
    assertThatThrownBy(() -> failing.write(ByteBuffer.wrap(new byte[FIRST])))
        .isInstanceOf(IOException.class)
        .hasMessage("no disk");
    assertThatThrownBy(failing::finish).isInstanceOf(IOException.class).hasMessage("no disk");
  }
}
