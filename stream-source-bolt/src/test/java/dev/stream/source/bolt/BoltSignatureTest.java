package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage.Relation;
import dev.stream.api.database.PagedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** By what a file is known again of which no page is what it was. */
final class BoltSignatureTest {

  private static final BoltSignature BEFORE = new BoltSignature("7", 100, List.of("a", "b", "c"));

  @TempDir Path folder;

  private static Relation relation(String inode, long txId, String... buckets) {
    return new BoltSignature(inode, txId, List.of(buckets)).relationTo(BEFORE);
  }

  @Test
  void aGreaterNumberAndManyOfTheSameEntriesAreALaterState() {
    assertThat(relation("7", 101, "a", "b", "c")).isEqualTo(Relation.LATER);
    assertThat(relation("7", 100, "a", "x", "y", "z")).isEqualTo(Relation.LATER);
    assertThat(relation("7", -1, "a")).as("bolt counts without a sign").isEqualTo(Relation.LATER);
    assertThat(relation("8", 101, "a")).as("moved to another disk").isEqualTo(Relation.LATER);
  }

  @Test
  void otherEntriesDoNotTell() {
    assertThat(relation("7", 101, "x", "y")).isEqualTo(Relation.UNKNOWN);
    assertThat(relation("7", 101)).isEqualTo(Relation.UNKNOWN);
  }

  /** A third of what was in it. */
  @Test
  void aFewOfTheSameEntriesDoNotTell() {
    BoltSignature before = new BoltSignature("7", 1, List.of("a", "b", "c", "d", "e", "f", "g"));
    assertThat(new BoltSignature("7", 2, List.of("a", "b")).relationTo(before))
        .isEqualTo(Relation.UNKNOWN);
    assertThat(new BoltSignature("7", 2, List.of("a", "b", "c")).relationTo(before))
        .isEqualTo(Relation.LATER);
  }

  @Test
  void aNumberThatWentBackIsAnOlderOrAnotherState() {
    assertThat(relation("7", 99, "a", "b", "c")).isEqualTo(Relation.OTHER);
  }

  /** It may be an older copy, or what Compact leaves. */
  @Test
  void aLowerNumberInAnotherFileDoesNotTell() {
    assertThat(relation("8", 3, "a", "b", "c")).isEqualTo(Relation.UNKNOWN);
  }

  @Test
  void whereNothingWasNothingIsLost() {
    BoltSignature empty = new BoltSignature("7", 2, List.of());
    assertThat(new BoltSignature("7", 3, List.of("a")).relationTo(empty)).isEqualTo(Relation.LATER);
    assertThat(new BoltSignature("7", 1, List.of("a")).relationTo(empty)).isEqualTo(Relation.OTHER);
  }

  @Test
  void itIsATokenOfOneLine() {
    for (BoltSignature one : List.of(BEFORE, new BoltSignature("1", -2, List.of()))) {
      assertThat(one.token()).doesNotContain("\n");
      assertThat(BoltSignature.parse(one.token())).isEqualTo(one);
    }
    for (String other : List.of("", "a b c", "bolt1 7 x a", "bolt2 7 1 a", "bolt1 7 1")) {
      assertThat(BoltSignature.parse(other)).as(other).isNull();
    }
  }

  @Test
  void aLargeDatabaseHasNone() throws Exception {
    Path file = Fixture.written(folder);
    BoltMeta meta = Fixture.meta(file);
    BoltMeta large =
        new BoltMeta(
            meta.pageSize(),
            meta.flags(),
            meta.root(),
            meta.sequence(),
            meta.freelist(),
            MemoryCopy.LARGEST / meta.pageSize() + 1,
            meta.txId());
    try (BoltFile open = BoltFile.open(file)) {
      assertThat(EntrySketch.of(open, large)).isNull();
      assertThat(EntrySketch.of(open, meta)).hasSize(64);
      Reading reading =
          Reading.read(open, large, Proof.still(), open.identity(), null, true, folder);
      try (BoltImage image = new BoltImage(1, reading)) {
        assertThat(image.signature()).isEmpty();
        assertThat(image.relationTo(signature(file))).isEqualTo(Relation.UNKNOWN);
      }
    }
  }

  private String signature(Path file) throws IOException {
    try (BoltFile open = BoltFile.open(file)) {
      BoltMeta meta = open.newest();
      Reading reading =
          Reading.read(open, meta, Proof.still(), open.identity(), null, true, folder);
      try (BoltImage image = new BoltImage(1, reading)) {
        assertThat(image.relationTo("of another source")).isEqualTo(Relation.UNKNOWN);
        assertThat(image.relationTo(image.signature())).isEqualTo(Relation.LATER);
        return image.signature();
      }
    }
  }

  @Test
  void anImageAndTheEndOfCaptureTellTheSame() throws Exception {
    Path file = Fixture.written(folder);
    SignatureListener told = new SignatureListener();
    try (PagedDatabase capture = new BoltDatabaseProvider().open(new BoltConfig(file))) {
      capture.start(null, told);
    }
    String signature = signature(file);
    assertThat(told.signatures()).containsExactly(signature);
    BoltSignature parsed = BoltSignature.parse(signature);
    assertThat(parsed).isNotNull();
    if (parsed != null) {
      assertThat(parsed.inode()).isEqualTo(String.valueOf(Files.getAttribute(file, "unix:ino")));
      assertThat(parsed.txId()).isEqualTo(Fixture.meta(file).txId());
      assertThat(parsed.entries()).hasSize(64).isSorted();
    }
  }
}
