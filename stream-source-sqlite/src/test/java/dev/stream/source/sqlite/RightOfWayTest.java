package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A checkpointer that waits is noticed, also where the system does not show its locks. */
@Timeout(60)
final class RightOfWayTest {

  private static final long QUIET = TimeUnit.SECONDS.toNanos(1);

  @TempDir private Path folder;

  @Test
  void aCheckpointerOfAnotherContainerIsNoticedByWhatSqliteSays() throws Exception {
    Path nothingIsListed = Files.createFile(folder.resolve("locks"));
    try (SqliteHarness harness = new SqliteHarness(folder.resolve("app.db"), 4096, "NONE")) {
      Path path = harness.path.toRealPath();
      Attachment open = Attachment.open(path, null);
      Neighbours hidden = Neighbours.of(path, nothingIsListed);
      RightOfWay way = new RightOfWay();
      harness.sql("INSERT INTO t(v) VALUES('that the pin does not let be written back')");
      for (int i = 0; i < 10; i++) {
        assertThat(way.isWantedUnseen(open.guard(), hidden, QUIET)).as("nobody waits").isFalse();
        TimeUnit.MILLISECONDS.sleep(10);
      }
      Process checkpointer = SqliteHarness.startTruncating(path);
      try {
        while (!way.isWantedUnseen(open.guard(), hidden, QUIET)) {
          assertThat(checkpointer.isAlive()).as("waits for the pin").isTrue();
          assertThat(hidden.keepWritersWaiting()).isFalse();
        }
        RightOfWay other = new RightOfWay();
        while (!open.neighbours().keepWritersWaiting()) {
          Thread.onSpinWait();
        }
        for (int i = 0; i < 10; i++) {
          assertThat(other.isWantedUnseen(open.guard(), open.neighbours(), QUIET))
              .as("what is seen needs no guess")
              .isFalse();
          TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(way.isWantedUnseen(open.guard(), hidden, 0)).as("commits come").isFalse();
        open.guard().release();
        assertThat(checkpointer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(checkpointer.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .contains("0|0|0");
      } finally {
        checkpointer.destroyForcibly();
        open.close();
      }
    }
  }

  @Test
  void everyImageGivesWayWhenItIsAskedButNotForEver() throws Exception {
    try (SqliteHarness harness = new SqliteHarness(folder.resolve("app.db"), 4096, "NONE")) {
      Neighbours nobody = Neighbours.of(harness.path, folder.resolve("there is no such list"));
      Courtesy courtesy = new Courtesy();
      int gaveWay = 0;
      for (int i = 0; i < 10; i++) {
        Courtesy.Visit visit = courtesy.visit(nobody);
        TimeUnit.MILLISECONDS.sleep(11); // It looks so often only.
        assertThat(visit.mustGiveWay()).as("nobody asked").isFalse();
        courtesy.ask();
        TimeUnit.MILLISECONDS.sleep(11);
        gaveWay += visit.mustGiveWay() ? 1 : 0;
        visit.done(false);
      }
      assertThat(gaveWay).isEqualTo(3);
    }
  }
}
