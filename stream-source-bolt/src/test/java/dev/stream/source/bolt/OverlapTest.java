package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
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

  private BitSet inUse(BoltFile file, BoltMeta meta) throws IOException {
    try (Reading reading = whole(file, meta)) {
      return reading.inUse();
    }
  }

  private Reading whole(BoltFile file, BoltMeta meta) throws IOException {
    return Reading.read(file, meta, Proof.still(), file.identity(), null, true, folder);
  }

  private Overlap overlap(FileBytes file, BitSet inUse) throws IOException {
    return Overlap.between(file, before, last, inUse, (first, pages) -> {});
  }

  @Test
  void itTellsWhatAComparisonOfAllPagesTells() throws Exception {
    try (BoltFile file = BoltFile.open(path);
        Reading old = whole(file, before);
        Reading compared =
            Reading.read(file, last, Proof.still(), file.identity(), old.settle(), false, folder);
        Changes changes = new Changes(folder, Fixture.PAGE)) {
      Overlap overlap = Overlap.between(file, before, last, old.inUse(), changes::put);
      changes.gone(overlap.gone());
      changes.put(0, last.firstPages());
      HashChanges hashes = new HashChanges(old.settle().hashes(), last);
      BitSet changed = changes.differing(hashes);
      Reading reading = new Reading(last, "", old::settle, changes, false, changed, new BitSet());
      assertThat(Fixture.frames(reading)).isNotEmpty().isEqualTo(Fixture.frames(compared));
      hashes.apply();
      assertThat(old.settle().hashes().sameAs(compared.settle().hashes())).isTrue();
      overlap.apply(old.inUse());
      assertThat(old.inUse()).isEqualTo(compared.inUse());
    }
  }

  @Test
  void nothingIsReadOfWhatBothReach() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BitSet known = inUse(file, before);
      BitSet both = inUse(file, last);
      BitSet either = (BitSet) both.clone();
      either.or(known);
      both.and(known);
      both.clear(0, 2);
      Counted counted = new Counted(file);
      var unused = overlap(counted, known);
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
  void theListOfFreePagesTellsWhatIsInUse() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      assertThat(Freelist.inUse(file, before)).isEqualTo(inUse(file, before));
      assertThat(Freelist.inUse(file, last)).isEqualTo(inUse(file, last));
    }
  }

  @Test
  void statesThatDoNotFitAreNoOverlap() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      // As if the earlier state had used a page in another place of its tree.
      BitSet known = inUse(file, before);
      BitSet other = (BitSet) known.clone();
      BitSet fresh = inUse(file, last);
      fresh.andNot(known);
      other.set(fresh.nextSetBit(2));
      assertThatThrownBy(() -> overlap(file, other))
          .isInstanceOf(DamagedFileException.class)
          .hasMessageContaining("in which its last two states do not agree");
    }
  }

  @Test
  void aPageThatIsInUseAndListedAsFreeIsFound() throws Exception {
    try (BoltFile file = BoltFile.open(path)) {
      BitSet known = inUse(file, before);
      BitSet kept = inUse(file, last);
      kept.and(known);
      Fixture.patchLong(
          path, last.freelist() * Fixture.PAGE + BoltMeta.PAGE_HEADER, kept.nextSetBit(2));
      assertThatThrownBy(() -> overlap(file, known))
          .hasMessageContaining("is in use and listed as free");
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
