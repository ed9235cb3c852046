package dev.stream.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.schedule.ListingRule.Look;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ListingRuleTest {

  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  private final ListingRule rule = new ListingRule();

  /** A check an hour later; if it is due, everything is as it should be. */
  private boolean check(int hours) {
    Instant now = NOON.plus(Duration.ofHours(hours));
    boolean due = rule.isDueAtCheck(now);
    if (due) {
      rule.listed(now);
      rule.planned(true, true);
    }
    return due;
  }

  @Test
  void atRestOnceADay() {
    for (int hour = 0; hour < 100; hour++) {
      assertThat(check(hour)).as("hour " + hour).isEqualTo(hour % 24 == 0);
    }
  }

  @Test
  void onceAfterWhatWasStored() {
    assertThat(check(0)).isTrue();
    assertThat(check(1)).isFalse();
    rule.stored();
    assertThat(check(2)).isTrue();
    assertThat(check(3)).isFalse();
  }

  @Test
  void eachTimeWhileSomethingBecomesDueByTimeAlone() {
    for (int hour = 0; hour < 5; hour++) {
      assertThat(rule.isDueAtCheck(NOON.plus(Duration.ofHours(hour)))).isTrue();
      rule.listed(NOON.plus(Duration.ofHours(hour)));
      rule.planned(true, false);
    }
  }

  @Test
  void everyOtherTimeWhileDeletionsFail() {
    for (int hour = 0; hour < 6; hour++) {
      Instant now = NOON.plus(Duration.ofHours(hour));
      assertThat(rule.isDueAtCheck(now)).as("hour " + hour).isEqualTo(hour % 2 == 0);
      if (hour % 2 == 0) {
        rule.listed(now);
        rule.planned(false, true);
      }
    }
  }

  @Test
  void eachTimeUntilAListingThatLeadsToAPlan() {
    assertThat(rule.isDueAtCheck(NOON)).isTrue();
    assertThat(rule.isDueAtCheck(NOON.plus(Duration.ofHours(1)))).isTrue();
  }

  @Test
  void oneReadBeforeAStoreAfterSilenceOrASecond() {
    Duration second = Duration.ofSeconds(1);
    Duration six = Duration.ofSeconds(6);
    assertThat(before(second, Duration.ofMillis(899), Duration.ofMinutes(59))).isEqualTo(Look.NONE);
    assertThat(before(second, Duration.ofMillis(901), Duration.ofMinutes(59))).isEqualTo(Look.LINE);
    assertThat(before(six, six, six)).isEqualTo(Look.LINE);
  }

  @Test
  void aListingBeforeAStoreAfterTwoHoursWithoutACheck() {
    Duration half = Duration.ofMillis(500);
    assertThat(before(half, half, Duration.ofMinutes(119))).isEqualTo(Look.NONE);
    assertThat(before(half, half, Duration.ofMinutes(121))).isEqualTo(Look.WHOLE);
  }

  private static Look before(Duration sinceHeard, Duration sinceLooked, Duration sinceListed) {
    return ListingRule.beforeStoring(sinceHeard, sinceLooked, sinceListed);
  }
}
