package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.PagedDatabase;
import dev.stream.testkit.TestRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that writes through the real bbolt, with random operations: puts, deletes, nested
 * buckets, drops, large values, {@code Compact}. Every state that is captured on the way opens in
 * bbolt, passes its check and holds what the program had then, and nothing else.
 */
final class BoltExactnessIT {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-pagesize 4096",
        "-pagesize 4096 -nosync -freelist hashmap",
        "-pagesize 16384 -nofreelistsync",
        "-pagesize 65536 -nosync -nofreelistsync",
        "-pagesize 4096 -pins",
        "-pagesize 8192 -pins -nosync -nofreelistsync -mmap 64"
      })
  void everyCapturedStateIsOneThatWasCommitted(String options) throws Exception {
    Random random = TestRun.random(getClass().getName() + options);
    Path database = folder.resolve("state.db");
    Path log = folder.resolve("digests");
    String[] arguments = (options + " -log " + log).split(" ", -1);
    try (BoltWriter writer = BoltWriter.open(database, arguments);
        StateJudge judge = new StateJudge(folder.resolve("captured.db"));
        PagedDatabase capture = new BoltDatabaseProvider().open(new BoltConfig(database))) {
      writer.ask("commit " + random.nextInt());
      capture.start(null, judge);
      int compacted = 0;
      for (int round = 0; round < TestRun.rounds(12, 300); round++) {
        switch (random.nextInt(6)) {
          case 0 -> {
            writer.ask("compact");
            compacted++;
          }
          case 1, 2 -> {
            // Without a pause, so that readings and commits meet.
            writer.tell("run " + random.nextInt() + " 300");
            while (!writer.hasAnswered()) {
              capture.sync();
            }
            writer.hear();
          }
          default -> {
            for (int i = 0; i < 20; i++) {
              writer.ask("commit " + random.nextInt());
              if (random.nextInt(3) == 0) {
                capture.sync();
              }
            }
          }
        }
        capture.sync();
        Path image = folder.resolve("image.db");
        writer.ask("image " + image);
        judge.assertIs(Files.readAllBytes(image));
        judge.assertCommitted(BoltWriter.digests(log));
      }
      judge.assertGoesOn();
      assertThat(judge.judged()).isGreaterThan(12);
      assertThat(judge.bases()).hasSizeBetween(1, 1 + compacted);
      System.err.printf(
          "bolt %s: %d states judged by bbolt, %d compactions%n",
          options, judge.judged(), compacted);
    }
  }

  /** Larger than what is read of a page at once, with the keys of its bucket behind it. */
  @Test
  void aLargeValueComesAndGoes() throws Exception {
    Path database = folder.resolve("state.db");
    Path log = folder.resolve("digests");
    Path image = folder.resolve("image.db");
    try (BoltWriter writer = BoltWriter.open(database, "-nosync", "-log", log.toString());
        StateJudge judge = new StateJudge(folder.resolve("captured.db"));
        PagedDatabase capture = new BoltDatabaseProvider().open(new BoltConfig(database))) {
      writer.ask("commit 1");
      capture.start(null, judge);
      for (int mebibytes : new int[] {7, 3, 0}) {
        writer.ask("large " + mebibytes);
        writer.ask("commit " + mebibytes);
        capture.sync();
        writer.ask("image " + image);
        judge.assertIs(Files.readAllBytes(image));
        judge.assertCommitted(BoltWriter.digests(log));
      }
    }
  }
}
