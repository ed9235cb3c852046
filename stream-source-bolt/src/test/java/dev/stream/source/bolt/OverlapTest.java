package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.PageFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The last two states of a file that bbolt wrote. It has written to no page of the older one yet,
 * as if a program held that.
 */
final class OverlapTest {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path path;

  @SuppressWarnings("NullAway.Init")
  private BoltMeta last;

  @SuppressWarnings("NullAway.Init")
  private BoltMeta before;

  @BeforeEach
  void write() throws IOException {
    path = Fixture.written(folder);
    try (BoltFile file = BoltFile.open(path)) {
      last = file.newest();
      BoltMeta other = file.find((1L - last.slot()) * Fixture.PAGE).meta();
      if (other == null) {
        throw new AssertionError("no meta of the transaction before");
      }
      before = other;
    }
    assertThat(before.txId()).isEqualTo(last.txId() - 1);
  }

  /** Counts the pages of which anything is read. */
  private static final class Counted implements FileBytes {
    private final BoltFile file;
    private final BitSet pages = new BitSet();
    private int reads;

    Counted(BoltFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int count = file.read(target, position);
      reads += (count + Fixture.PAGE - 1) / Fixture.PAGE;
      pages.set((int) (position / Fixture.PAGE), (int) ((position + count - 1) / Fixture.PAGE) + 1);
      return count;
    }
  }

  private BoltState state(BoltFile file, BoltMeta meta) throws IOException {
    try (Reading reading =
        Reading.read(file, meta, Proof.still(), file.identity(), null, false, folder)) {
      return reading.settle();
    }
  }

  private Reading overlap(FileBytes file, BoltState known) throws IOException {
    return Overlap.read(file, last, Proof.still(), known, folder);
  }

  private static List<String> frames(Reading reading) throws IOException {
    List<String> frames = new ArrayList<>();
    reading
        .frames()
        .forEach(
            (PageFrame frame) -> {
              byte[] bytes = new byte[frame.data().remaining()];
              frame.data().get(bytes);
              frames.add(frame.id() + " " + java.util.HexFormat.of().formatHex(bytes));
            });
    return frames;
  }

  @Test
  void itTellsWhatAComparisonOfAllPagesTells() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BoltState known = state(file, before);
      BoltState whole = state(file, last);
      try (Reading compared =
              Reading.read(file, last, Proof.still(), file.identity(), known, false, folder);
          Reading overlap = overlap(file, known)) {
        assertThat(frames(overlap)).isNotEmpty().isEqualTo(frames(compared));
        assertThat(overlap.position()).isEqualTo(compared.position());
        BoltState settled = overlap.settle();
        assertThat(settled.reached()).isEqualTo(whole.reached());
        assertThat(settled.hashes().sameAs(whole.hashes())).isTrue();
        assertThat(settled.meta()).isEqualTo(last);
      }
    }
  }

  @Test
  void nothingIsReadOfWhatBothReach() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BoltState known = state(file, before);
      BitSet both = state(file, last).reached();
      BitSet either = (BitSet) both.clone();
      either.or(known.reached());
      both.and(known.reached());
      both.clear(0, 2);
      Counted counted = new Counted(file);
      overlap(counted, known).close();
      assertThat(counted.pages.intersects(both)).isFalse();
      BitSet differ = (BitSet) either.clone();
      differ.andNot(both);
      differ.clear(0, 2);
      assertThat(counted.pages).isEqualTo(differ);
      assertThat(counted.reads).isEqualTo(differ.cardinality());
      assertThat(differ.cardinality()).isLessThan(both.cardinality() / 2);
      System.err.printf("bolt: %d pages read of %d in use%n", counted.reads, either.cardinality());
    }
  }

  @Test
  void whatIsKnownStaysSoUntilItIsSettled() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BoltState known = state(file, before);
      BoltState same = state(file, before);
      try (Reading overlap = overlap(file, known)) {
        assertThat(overlap.hasChanges()).isTrue();
      }
      assertThat(known.hashes().sameAs(same.hashes())).isTrue();
      assertThat(known.reached()).isEqualTo(same.reached());
    }
  }

  @Test
  void statesThatDoNotFitAreNoOverlap() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BoltState known = state(file, before);
      // As if the known state had used a page in another place of its tree.
      BitSet other = (BitSet) known.reached().clone();
      BitSet fresh = state(file, last).reached();
      fresh.andNot(known.reached());
      other.set(fresh.nextSetBit(2));
      BoltState wrong = new BoltState(known.identity(), before, known.hashes(), other);
      assertThatThrownBy(() -> overlap(file, wrong))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining("in which its last two states do not agree");
      assertThat(folder).isDirectoryNotContaining("glob:**.pages");
    }
  }

  @Test
  void aPageThatIsInUseAndListedAsFreeIsFound() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BoltState known = state(file, before);
      BitSet kept = state(file, last).reached();
      kept.and(known.reached());
      Fixture.patchLong(
          path, last.freelist() * Fixture.PAGE + BoltMeta.PAGE_HEADER, kept.nextSetBit(2));
      assertThatThrownBy(() -> overlap(file, known))
          .hasMessageContaining("is in use and listed as free");
    }
  }

  @Test
  void aProofThatFailsLeavesNothing() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BoltState known = state(file, before);
      Proof fails =
          () -> {
            throw new MovedOnException("no more held");
          };
      assertThatThrownBy(() -> Overlap.read(file, last, fails, known, folder))
          .isInstanceOf(MovedOnException.class);
      assertThat(folder).isDirectoryNotContaining("glob:**.pages");
    }
  }

  @Test
  void onlyALaterStateOfTheSameShapeFollows() {
    assertThat(Overlap.isPossible(before, last)).isTrue();
    assertThat(Overlap.isPossible(last, before)).isFalse();
    assertThat(Overlap.isPossible(last, last)).isFalse();
    BoltMeta smaller =
        new BoltMeta(Fixture.PAGE, 0, 3, 0, 4, before.highWaterMark() - 1, last.txId());
    assertThat(Overlap.isPossible(before, smaller)).isFalse();
  }
}
