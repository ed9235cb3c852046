package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was put is read again, and zeros elsewhere, be it in memory or in a file. */
final class SpoolTest {

  private static final int PAGE = 4096;
  private static final int SPAN = 2000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 250, 256, 257, 300, 900})
  void whatWasPutIsReadAgain(int pages) throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed + " of " + pages + " pages");
    Random random = new Random(seed);
    byte[] expected = new byte[(SPAN + 20) * PAGE];
    try (Spool spool = new Spool(folder, PAGE)) {
      for (int left = pages; left > 0; ) {
        int run = Math.min(left, 1 + random.nextInt(3));
        byte[] content = new byte[run * PAGE];
        random.nextBytes(content);
        int at = random.nextInt(SPAN);
        System.arraycopy(content, 0, expected, at * PAGE, content.length);
        spool.put(at, ByteBuffer.wrap(content));
        left -= run;
      }
      spool.flush();
      ByteBuffer whole = ByteBuffer.allocate(expected.length);
      spool.read(0, whole);
      assertThat(whole.array()).isEqualTo(expected);
      int from = random.nextInt(SPAN);
      ByteBuffer part = ByteBuffer.allocate(3 * PAGE);
      spool.read(from, part);
      assertThat(part.array())
          .isEqualTo(Arrays.copyOfRange(expected, from * PAGE, (from + 3) * PAGE));
    }
  }

  @Test
  void aFewPagesNeedNoFileAndMoreOfThemSayWhereTheyCannotBeKept() throws IOException {
    Path missing = folder.resolve("missing");
    try (Spool spool = new Spool(missing, PAGE)) {
      spool.put(7, ByteBuffer.allocate(PAGE));
      assertThatThrownBy(() -> spool.put(9, ByteBuffer.allocate(300 * PAGE)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(missing.toString())
          .hasMessageContaining("tempDir");
    }
  }
}
