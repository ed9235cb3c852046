package dev.stream.core.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage.Relation;
import dev.stream.core.shadow.DatabaseState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReplacementTest {

  private static final Instant KNOWN = Instant.parse("2026-01-01T00:00:00Z");

  private static DatabaseState of(long pages) {
    return DatabaseState.of(1, pages, 512, pages, "");
  }

  private static @Nullable String objection(
      long before, long after, boolean related, boolean anotherFile, int age) {
    return new Replacement(
            of(before),
            KNOWN,
            of(after),
            related,
            Relation.UNKNOWN,
            anotherFile,
            KNOWN.minusSeconds(age))
        .objection();
  }

  @Test
  void whatIsNoLaterStateIsAnotherDatabaseWhateverItsSize() {
    assertThat(
            new Replacement(of(3), KNOWN, of(9), false, Relation.OTHER, false, KNOWN.plusSeconds(1))
                .objection())
        .contains("no later state");
  }

  @Test
  void noSizeIsTooSmallToLoseEverything() {
    assertThat(objection(11, 1, true, false, -1)).contains("only 512 of the 5632 bytes");
    assertThat(objection(1, 0, true, false, -1)).contains("only 0 of the 512 bytes");
    assertThat(objection(10, 1, true, false, -1)).isNull();
  }

  @Test
  void anotherFileWithNothingInCommonIsUnrelatedWhateverItsSize() {
    assertThat(objection(2, 2, false, true, -1)).contains("nothing in common");
    assertThat(objection(100, 500, false, true, -1)).contains("nothing in common");
    assertThat(objection(100, 50, true, true, -1)).isNull();
  }

  @Test
  void ofManyPagesSomeStayWhereTheDatabaseIsTheSame() {
    assertThat(objection(64, 500, false, false, -1)).contains("was replaced");
    assertThat(objection(63, 500, false, false, -1)).isNull();
  }

  @Test
  void anotherFileThatIsOlderThanTheNewestCommitIsAnOlderCopy() {
    assertThat(objection(100, 100, true, true, 1)).contains("older copy");
    assertThat(objection(100, 100, true, false, 1)).isNull();
  }

  @Test
  void onlyAnOlderFileIsJudgedByClocks() {
    assertThat(byClock(100, 1)).isTrue();
    assertThat(byClock(100, -1)).isFalse();
    assertThat(byClock(1, 1)).as("nearly all is gone, whatever the time").isFalse();
  }

  private static boolean byClock(long after, int age) {
    return new Replacement(
            of(100), KNOWN, of(after), true, Relation.UNKNOWN, true, KNOWN.minusSeconds(age))
        .isObjectedToByClock();
  }
}
