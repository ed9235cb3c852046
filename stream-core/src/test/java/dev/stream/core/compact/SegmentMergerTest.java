package dev.stream.core.compact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.restore.Restorer;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowOverlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several segments as one, against a model. */
final class SegmentMergerTest {

  private static final int[] PAGE_SIZES = {512, 1024, 4096, 65536};

  @TempDir Path folder;
  private int histories;

  private static long seed() {
    String given = System.getProperty("stream.test.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    System.out.println("stream.test.seed=" + seed);
    return seed;
  }

  private SegmentHistory history(int pageSize, int segments, Random random) throws IOException {
    SegmentHistory history =
        new SegmentHistory(folder.resolve("s" + histories++), pageSize, random);
    for (int i = 0; i < segments; i++) {
      history.grow();
    }
    return history;
  }

  @Test
  void theMergedSegmentLeadsToWhatItsPartsLeadTo() throws Exception {
    long seed = seed();
    int rounds = "nightly".equals(System.getProperty("stream.test.scale")) ? 3_000 : 150;
    for (int round = 0; round < rounds; round++) {
      Random random = new Random(seed + round);
      int pageSize = PAGE_SIZES[random.nextInt(round % 10 == 0 ? 4 : 3)];
      SegmentHistory history = history(pageSize, 2 + random.nextInt(14), random);
      List<SealedArtefact> chain = new ArrayList<>(history.segments);
      for (int level = 1; level <= 3; level++) { // merged ones are merged again
        List<SealedArtefact> next = new ArrayList<>();
        for (int from = 0; from < chain.size(); ) {
          int to = Math.min(chain.size(), from + 1 + random.nextInt(5));
          List<SealedArtefact> parts = chain.subList(from, to);
          if (parts.size() == 1) {
            next.add(parts.get(0));
          } else {
            SealedArtefact merged =
                history.merger().merge(new SegmentRun(level, parts), () -> false);
            proves(history, parts, merged, seed + round);
            next.add(merged);
          }
          from = to;
        }
        chain = next;
      }
      history.directory.close();
    }
  }

  private static void proves(
      SegmentHistory history, List<SealedArtefact> parts, SealedArtefact merged, long seed)
      throws IOException {
    byte[] before = history.states.get(parts.get(0).firstTxId() - 1);
    byte[] viaParts = before;
    for (SealedArtefact part : parts) {
      viaParts = history.apply(part, viaParts);
    }
    byte[] after = history.states.get(merged.lastTxId());
    assertThat(viaParts).as("the model, seed %d", seed).isEqualTo(after);
    assertThat(history.apply(merged, before)).as("%s, seed %d", merged, seed).isEqualTo(after);
    assertThat(Files.size(history.directory.path(merged.key()))).isEqualTo(merged.size());
    assertThat(merged.firstCommitAt()).isEqualTo(parts.get(0).firstCommitAt());
    try (ArtefactReader reader = history.open(merged);
        ArtefactReader first = history.open(parts.get(0));
        ArtefactReader last = history.open(parts.get(parts.size() - 1))) {
      ArtefactHeader header = reader.header();
      assertThat(header.level()).isEqualTo(merged.level());
      assertThat(header.parentTxId()).isEqualTo(first.header().parentTxId());
      assertThat(header.parentChecksum()).isEqualTo(history.checksum(before));
      assertThat(header.checksum()).isEqualTo(history.checksum(after));
      assertThat(header.additionalAttrs())
          .containsEntry(ArtefactHeader.FIRST_COMMIT_AT, merged.firstCommitAt().toString());
      for (String attribute :
          List.of(
              ArtefactHeader.POSITION, ArtefactHeader.LAST_COMMIT_AT, ArtefactHeader.CLOCK_STEPS)) {
        assertThat(header.additionalAttrs().get(attribute))
            .isEqualTo(last.header().additionalAttrs().get(attribute));
      }
    }
  }

  @Test
  void moreSegmentsThanAreReadAtOnceBecomeOne() throws Exception {
    SegmentHistory history = history(512, 3 * SegmentMerger.FAN_IN + 1, new Random(seed()));
    SealedArtefact merged =
        history.merger().merge(new SegmentRun(2, history.segments), () -> false);
    assertThat(history.apply(merged, history.states.get(0L)))
        .isEqualTo(history.states.lastEntry().getValue());
    assertNothingHalfDone(history);
  }

  @Test
  void aDamagedPartIsNamedAndNothingIsLeftBehind() throws Exception {
    Random random = new Random(seed());
    for (int round = 0; round < 60; round++) {
      SegmentHistory history = history(512, 6, random);
      SealedArtefact part = history.segments.get(random.nextInt(6));
      Path file = history.directory.path(part.key());
      byte[] bytes = Files.readAllBytes(file);
      boolean gone = random.nextInt(8) == 0;
      if (gone) {
        Files.delete(file);
      } else if (random.nextInt(4) == 0) {
        Files.write(file, java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      } else {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
      }
      SegmentRun run = new SegmentRun(1, history.segments);
      try {
        SealedArtefact merged = history.merger().merge(run, () -> false);
        // The flipped bit is in a block of which every page has a later version.
        assertThat(history.apply(merged, history.states.get(0L)))
            .isEqualTo(history.states.lastEntry().getValue());
      } catch (DamagedPartException e) {
        assertThat(e.part()).isEqualTo(part);
        assertThat(e).hasMessageContaining(part.key().value());
        assertThat(history.directory.path(run.key())).doesNotExist();
      }
      assertNothingHalfDone(history);
      history.directory.close();
    }
  }

  @Test
  void aPartThatDoesNotBuildOnTheOneBeforeIsRefused() throws Exception {
    Random random = new Random(seed());
    SegmentHistory history = history(512, 1, random);
    SegmentHistory other = history(512, 1, random);
    SealedArtefact first = history.segments.get(0);
    while (other.states.lastKey() < first.lastTxId()) {
      other.grow();
    }
    while (other.segments.stream().noneMatch(s -> s.firstTxId() == first.lastTxId() + 1)) {
      other.grow();
      if (other.states.lastKey() > first.lastTxId() + 20) {
        other = history(512, 1, random);
      }
    }
    SealedArtefact foreign =
        other.segments.stream()
            .filter(s -> s.firstTxId() == first.lastTxId() + 1)
            .findFirst()
            .orElseThrow();
    Files.copy(other.directory.path(foreign.key()), history.directory.path(foreign.key()));
    assertThatThrownBy(
            () -> history.merger().merge(new SegmentRun(1, List.of(first, foreign)), () -> false))
        .isInstanceOf(DamagedPartException.class)
        .hasMessageContaining(foreign.key() + " cannot be merged")
        .hasMessageContaining("does not build on");
  }

  @Test
  void cancellingLeavesNothing() throws Exception {
    SegmentHistory history = history(512, 10, new Random(7));
    AtomicInteger pages = new AtomicInteger();
    assertThatThrownBy(
            () ->
                history
                    .merger()
                    .merge(new SegmentRun(1, history.segments), () -> pages.incrementAndGet() > 2))
        .isInstanceOf(CancellationException.class);
    assertThat(history.directory.path(new SegmentRun(1, history.segments).key())).doesNotExist();
    assertNothingHalfDone(history);
  }

  @Test
  void aRestoreFromMergedSegmentsIsTheOneFromTheirParts() throws Exception {
    Random random = new Random(seed());
    for (int round = 0; round < 10; round++) {
      SegmentHistory history = history(1024, 12, random);
      history.snapshot(0);
      byte[] viaParts = restore(history, round + "-parts");
      List<SealedArtefact> half = history.segments.subList(0, 6);
      history.merger().merge(new SegmentRun(1, half), () -> false);
      history.merger().merge(new SegmentRun(1, history.segments.subList(6, 12)), () -> false);
      for (SealedArtefact part : history.segments) {
        history.directory.delete(part.key());
      }
      assertThat(restore(history, round + "-merged"))
          .isEqualTo(viaParts)
          .isEqualTo(history.states.lastEntry().getValue());
    }
  }

  private byte[] restore(SegmentHistory history, String name) throws Exception {
    Path target = folder.resolve(name);
    Restorer.builder(target, codec -> history.encoding.codec())
        .replica("shadow", new ShadowOverlay(history.directory, null))
        .build()
        .restore();
    return Files.readAllBytes(target);
  }

  private static void assertNothingHalfDone(SegmentHistory history) throws IOException {
    try (Stream<Path> left = Files.list(history.directory.root().resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }
}
