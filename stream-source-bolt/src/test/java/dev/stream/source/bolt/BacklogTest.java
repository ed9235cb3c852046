package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of states that are not delivered yet. */
final class BacklogTest {

  private static final int PAGE = 4096;
  private static final BoltMeta FIRST = new BoltMeta(PAGE, 0, 3, 0, 4, 1000, 1);
  private static final BoltMeta LATER = new BoltMeta(PAGE, 0, 3, 0, 4, 1000, 9);

  @TempDir Path folder;

  /** Pages that are full of a number. */
  private static ByteBuffer pages(int number, int count) {
    byte[] bytes = new byte[count * PAGE];
    Arrays.fill(bytes, (byte) number);
    return ByteBuffer.wrap(bytes);
  }

  private static BitSet set(int... pages) {
    BitSet set = new BitSet();
    for (int page : pages) {
      set.set(page);
    }
    return set;
  }

  /** The first byte of each page, which has to be like all others of it. */
  private static int[] content(KeptPages kept, int first, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count * PAGE);
    kept.read(first, bytes);
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = bytes.get(i * PAGE);
      byte[] page = Arrays.copyOfRange(bytes.array(), i * PAGE, (i + 1) * PAGE);
      assertThat(page).containsOnly(numbers[i]);
    }
    return numbers;
  }

  /** Some in memory, more in a file. */
  @ParameterizedTest
  @ValueSource(ints = {1, 300})
  void theLastContentOfEachPageCounts(int more) throws Exception {
    try (Changes changes = new Changes(folder, PAGE)) {
      changes.put(500, pages(7, more));
      changes.put(10, pages(1, 3));
      changes.gone(set(11, 20));
      changes.put(12, pages(2, 1));
      changes.put(20, pages(3, 1));
      HashChanges hashes = new HashChanges(new StateHashes(FIRST), LATER);
      BitSet expected = set(10, 12, 20);
      expected.set(500, 500 + more);
      // That page 11 is zeros is nothing new.
      assertThat(changes.differing(hashes)).isEqualTo(expected);
      assertThat(content(changes, 9, 5)).containsExactly(0, 1, 0, 2, 0);
      assertThat(content(changes, 19, 3)).containsExactly(0, 3, 0);
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.pages");
  }

  @Test
  void whatWasNotDeliveredIsHandedOutWithWhatCameLater() throws Exception {
    try (Backlog backlog = new Backlog(FIRST, folder)) {
      backlog.changes().put(10, pages(1, 4));
      assertThat(content(backlog.handOut(), 10, 4)).containsExactly(1, 1, 1, 1);
      backlog.changes().put(11, pages(2, 1));
      backlog.changes().gone(set(12));
      backlog.changes().put(30, pages(5, 1));
      Changes again = backlog.handOut();
      assertThat(content(again, 10, 4)).containsExactly(1, 2, 0, 1);
      assertThat(content(again, 30, 1)).containsExactly(5);
      assertThat(backlog.from()).isEqualTo(FIRST);
      backlog.delivered(LATER);
      again.close();
      assertThat(backlog.from()).isEqualTo(LATER);
      backlog.changes().put(40, pages(6, 1));
      Changes next = backlog.handOut();
      assertThat(content(next, 10, 4)).containsOnly(0);
      assertThat(content(next, 40, 1)).containsExactly(6);
    }
  }

  @Test
  void nothingIsLeftOfIt() throws Exception {
    try (Backlog backlog = new Backlog(FIRST, folder)) {
      backlog.changes().put(10, pages(1, 300));
      Changes out = backlog.handOut();
      assertThat(content(out, 10, 1)).containsExactly(1);
      backlog.changes().put(10, pages(1, 300));
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.pages");
  }
}
