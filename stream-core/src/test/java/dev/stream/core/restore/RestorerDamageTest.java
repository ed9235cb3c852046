package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever happens to artefacts, a restore is exact or a plain error; never something else. */
class RestorerDamageTest extends RestoreFixture {

  private String segment(int txId) {
    return ArtefactKeys.segment(Listings.NEW, 0, txId, txId).value();
  }

  private String snapshot(int txId) {
    return ArtefactKeys.snapshot(Listings.NEW, txId).value();
  }

  private void assertRefused(String... says) throws IOException {
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> builder().build().restore());
    assertThat(refused).isNotNull().hasMessageContainingAll(says);
    assertThat(refused.reason()).isEqualTo(Reason.NOT_RECOVERABLE);
    assertThat(files()).isEmpty();
  }

  @Test
  void aMissingMiddleSegmentIsRefusedWithWhatIsRecoverable() throws IOException {
    replica.objects.remove(segment(10));
    assertRefused("one: ", "lacks transactions 10,", "up to transaction 9");
    builder().state(new RestoreTarget.Transaction(null, 9)).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(9L));
  }

  @Test
  void anOlderStateIsRestoredIfThatIsAccepted() throws IOException {
    replica.objects.remove(segment(10));
    RestoreState state = builder().state(new RestoreTarget.Newest(null, true)).build().restore();
    assertThat(state.txId()).isEqualTo(9);
    assertThat(state.warnings()).singleElement().asString().contains("lacks transactions 10");
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(9L));
  }

  @Test
  void aDamagedSegmentIsNamedWithWhatIsRecoverableWithoutIt() throws IOException {
    byte[] bytes = replica.objects.get(segment(10));
    // In the footer: a block all of whose pages have newer versions is not even fetched.
    bytes[bytes.length - 10] ^= 1;
    assertRefused(segment(10), "damaged", "up to transaction 9");
    RestoreState state = builder().state(new RestoreTarget.Newest(null, true)).build().restore();
    assertThat(state.txId()).isEqualTo(9);
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(9L));
  }

  @Test
  void aDamagedSnapshotIsGoneAroundWithAnOlderOne() throws IOException {
    replica.objects.put(snapshot(8), new byte[100]);
    RestoreState state = builder().build().restore();
    assertThat(state.snapshotTxId()).isEqualTo(1);
    assertThat(state.warnings()).singleElement().asString().contains(snapshot(8));
    assertRestored();
  }

  @Test
  void aDamagedWideSegmentIsGoneAroundWithNarrowOnes() throws IOException {
    String wide = history.segment(replica, 1, 9, 12).value();
    replica.objects.put(wide, new byte[100]);
    assertThat(builder().build().restore().segments()).isEqualTo(4);
    assertRestored();
  }

  @Test
  void artefactsThatTradedPlacesAreNoticed() throws IOException {
    byte[] tenth = replica.objects.get(segment(10));
    replica.objects.put(segment(10), replica.objects.get(segment(11)));
    replica.objects.put(segment(11), tenth);
    assertRefused("holds another artefact");
  }

  @Test
  void anArtefactOfAnotherGenerationIsNoticed() throws IOException {
    PageHistory other = new PageHistory(Listings.OLD, 512, new Random(9)).begin(9, 20).commit(1);
    TestReplica elsewhere = new TestReplica();
    replica.objects.put(segment(10), bytes(other, elsewhere));
    assertRefused(segment(10), "another artefact", Listings.OLD.value());
  }

  @Test
  void anArtefactOfAnotherHistoryUnderTheSameNameIsNoticed() throws IOException {
    PageHistory other = new PageHistory(Listings.NEW, 512, new Random(9)).begin(9, 20).commit(1);
    replica.objects.put(segment(10), bytes(other, new TestReplica()));
    assertRefused("does not follow", "another checksum");
  }

  private static byte[] bytes(PageHistory history, TestReplica scratch) throws IOException {
    return scratch.objects.get(history.segment(scratch, 0, 10, 10).value());
  }

  @Test
  void anArtefactWhosePagesAreNotThoseOfTheTransactionIsNoticed() throws IOException {
    // Whole in itself, linked as it should be, but it lacks a page.
    int pages = newest().length / 512;
    byte[] before = history.states.get(11L);
    history.states.put(12L, Arrays.copyOf(before, before.length));
    history.states.get(12L)[7] ^= 1;
    replica.objects.put(
        segment(12),
        history.artefact(history.header(0, 11, 12, 0), history.states.get(12L), List.of()));
    assertThat(pages).isPositive();
    assertRefused("database checksum", "do not make up the database");
  }

  @Test
  void anArtefactThatVanishesDuringTheRestoreIsNamed() throws IOException {
    replica.beforeOpen = () -> replica.objects.remove(segment(9));
    assertRefused(segment(9), "gone", "up to transaction 8");
  }

  @Test
  void anUnknownCodecIsNamed() {
    assertThatThrownBy(
            () -> Restorer.builder(target, name -> null).replica("one", replica).build().restore())
        .hasMessageContaining("codec")
        .hasMessageContaining("none");
  }

  @Test
  void anEmptyReplicaIsSaid() {
    replica.objects.clear();
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> builder().build().restore());
    assertThat(refused.reason()).isEqualTo(Reason.NOTHING_THERE);
  }

  @Test
  void anyDamageAtAllEndsExactOrInAnError() throws IOException {
    List<String> keys = List.copyOf(replica.objects.keySet());
    for (int round = 0; round < Seeds.rounds(150, 5000); round++) {
      Random random = Seeds.random("damage", round);
      TestReplica damaged = new TestReplica();
      damaged.objects.putAll(replica.objects);
      for (int i = random.nextInt(3); i >= 0; i--) {
        damage(damaged, keys, random);
      }
      try {
        RestoreState state = builder(damaged).build().restore();
        assertThat(Files.readAllBytes(target))
            .as(Seeds.where(round))
            .isEqualTo(history.states.get(state.txId()));
        // Without its last segments a replica looks just like one that lags.
        assertThat(state.txId())
            .as(Seeds.where(round))
            .isEqualTo(
                new ReplicaArchive(damaged)
                    .list()
                    .newest()
                    .orElseThrow()
                    .newestTxId()
                    .orElseThrow());
        Files.delete(target);
      } catch (RestoreException e) {
        assertThat(e.getMessage()).as(Seeds.where(round)).contains("one: ");
      }
      assertThat(files()).as(Seeds.where(round)).isEmpty();
    }
  }

  private static void damage(TestReplica replica, List<String> keys, Random random) {
    String key = keys.get(random.nextInt(keys.size()));
    String other = keys.get(random.nextInt(keys.size()));
    byte[] bytes = replica.objects.get(key);
    if (bytes == null) {
      return;
    }
    switch (random.nextInt(5)) {
      case 0 -> replica.objects.remove(key);
      case 1 -> replica.objects.put(key, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      case 2 -> {
        byte[] flipped = bytes.clone();
        flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        replica.objects.put(key, flipped);
      }
      case 3 -> replica.objects.put(key, Arrays.copyOf(bytes, bytes.length + 1));
      default -> {
        byte[] there = replica.objects.get(other);
        if (there != null) {
          replica.objects.put(key, there);
          replica.objects.put(other, bytes);
        }
      }
    }
  }
}
