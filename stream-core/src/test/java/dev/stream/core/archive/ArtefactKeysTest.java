package dev.stream.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtefactKeysTest {

  private static final GenerationId GENERATION = new GenerationId("0000019abcdef012-89abcdef");
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void aKeyTellsWhatItWasMadeFrom() {
    ObjectKey snapshot = ArtefactKeys.snapshot(GENERATION, 41);
    assertThat(snapshot.value()).isEqualTo(GENERATION + "/snapshots/0000000000000029");
    assertThat(ArtefactKeys.parse(new ObjectInfo(snapshot, 7, AT)))
        .contains(new SnapshotDescriptor(GENERATION, 41, 7, AT));
    ObjectKey segment = ArtefactKeys.segment(GENERATION, 2, 42, Long.MAX_VALUE);
    assertThat(segment.value())
        .isEqualTo(GENERATION + "/segments/2/000000000000002a-7fffffffffffffff");
    assertThat(ArtefactKeys.parse(new ObjectInfo(segment, 7, AT)))
        .contains(new SegmentDescriptor(GENERATION, 2, 42, Long.MAX_VALUE, 7, AT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "readme.txt",
        "0000019abcdef012-89abcdef/snapshots/29",
        "0000019abcdef012-89abcdef/snapshots/000000000000002A",
        "0000019abcdef012-89abcdef/snapshots/8000000000000000",
        "0000019abcdef012-89abcdef/snapshots/0000000000000029.tmp",
        "0000019abcdef012-89abcdef/segments/00/0000000000000001-0000000000000002",
        "0000019abcdef012-89abcdef/segments/0/0000000000000003-0000000000000002",
        "0000019abcdef012-89abcdef/segments/0/0000000000000000-0000000000000002",
        "0000019abcdef0121-9abcdef/snapshots/0000000000000029",
        "x/0000019abcdef012-89abcdef/snapshots/0000000000000029",
      })
  void foreignKeysAreNone(String key) {
    assertThat(ArtefactKeys.parse(new ObjectInfo(new ObjectKey(key), 1, AT))).isEmpty();
  }

  @Test
  void aPinsKeyTellsStateAndName() {
    ObjectKey key = ArtefactKeys.pin(GENERATION, 41, "before-v2.0_a");
    assertThat(key.value()).isEqualTo("pins/" + GENERATION + "/0000000000000029/before-v2.0_a");
    ObjectInfo object = new ObjectInfo(key, 7, AT);
    assertThat(ArtefactKeys.parsePin(object))
        .contains(new PinDescriptor("before-v2.0_a", GENERATION, 41, key, AT));
    assertThat(ArtefactKeys.parse(object)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pins/0000019abcdef012-89abcdef/0000000000000029",
        "pins/0000019abcdef012-89abcdef/0000000000000029/-a",
        "pins/0000019abcdef012-89abcdef/0000000000000029/.a",
        "pins/0000019abcdef012-89abcdef/0000000000000029/a/b",
        "pins/0000019abcdef012-89abcdef/000000000000002A/a",
        "pins/0000019abcdef012-89abcdef/8000000000000000/a",
        "pins/0000019abcdef0121-9abcdef/0000000000000029/a",
        "x/pins/0000019abcdef012-89abcdef/0000000000000029/a",
        "pins/0000019abcdef012-89abcdef/0000000000000029/"
            + "a234567890123456789012345678901234567890123456789012345678901234",
        "0000019abcdef012-89abcdef/snapshots/0000000000000029",
      })
  void otherKeysAreNoPins(String key) {
    assertThat(ArtefactKeys.parsePin(new ObjectInfo(new ObjectKey(key), 1, AT))).isEmpty();
  }

  @Test
  void aPinOfAnotherFormIsRefused() {
    ObjectKey key = ArtefactKeys.pin(GENERATION, 41, "a");
    assertThatThrownBy(() -> new PinDescriptor("a b", GENERATION, 41, key, AT))
        .hasMessageContaining("'a b'");
    assertThat(PinDescriptor.isName("a".repeat(63))).isTrue();
  }

  @Test
  void aGenerationIsAfterTheOneBeforeAlsoWhenTheClockWasSetBack() {
    Clock clock = Clock.fixed(AT, ZoneOffset.UTC);
    Random random = new Random(5);
    GenerationId first = GenerationId.next(clock, random, null);
    assertThat(first.bornAt()).isEqualTo(AT);
    GenerationId later = first;
    for (int i = 1; i <= 100; i++) {
      GenerationId next =
          GenerationId.next(Clock.fixed(AT.minusSeconds(i), ZoneOffset.UTC), random, later);
      assertThat(next).isGreaterThan(later);
      later = next;
    }
  }

  @Test
  void aGenerationOfAnotherFormIsRefused() {
    assertThatThrownBy(() -> new GenerationId("0000019ABCDEF012-89abcdef"))
        .hasMessageContaining("0000019ABCDEF012-89abcdef");
  }
}
