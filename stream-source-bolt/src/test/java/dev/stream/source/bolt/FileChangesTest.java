package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a file is read though there is no transaction to be read. */
final class FileChangesTest {

  private final FileChanges changes = new FileChanges();

  private boolean isUnexplained(long changedMillis, long atMillis) {
    return changes.isUnexplained(
        FileTime.fromMillis(changedMillis), TimeUnit.MILLISECONDS.toNanos(atMillis));
  }

  @Test
  void aChangeOfWhichNoTransactionComesIsNoticedTwoSecondsLater() {
    changes.explained(FileTime.fromMillis(1));
    assertThat(isUnexplained(1, 60_000)).isFalse();
    assertThat(isUnexplained(2, 60_010)).isFalse();
    assertThat(isUnexplained(2, 62_009)).isFalse();
    assertThat(isUnexplained(2, 62_010)).isTrue();
    changes.explained(FileTime.fromMillis(2));
    assertThat(isUnexplained(2, 70_000)).isFalse();
  }

  @Test
  void aCommitOnItsWayIsNoneHoweverLongTransactionsHaveFollowedEachOther() {
    for (int at = 0; at < 10_000; at += 10) {
      changes.explained(FileTime.fromMillis(at)); // each look finds a transaction
    }
    // The next one finds its pages, and not its meta yet.
    assertThat(isUnexplained(10_000, 10_000)).isFalse();
    assertThat(isUnexplained(10_000, 11_000)).isFalse();
    changes.explained(FileTime.fromMillis(11_500));
    assertThat(isUnexplained(11_600, 13_000)).isFalse();
  }

  @Test
  void aCommitThatIsWrittenForLongIsNone() {
    changes.explained(FileTime.fromMillis(0));
    for (int at = 10; at < 20_000; at += 10) {
      assertThat(isUnexplained(at, at)).isFalse();
    }
    assertThat(isUnexplained(19_990, 21_990)).isTrue();
  }
}
