package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.monitor.StatusFile;
import dev.stream.core.replicate.CommitPathDatabase.Flush;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failure of capture is counted, whatever it is, and where other processes see it. */
final class CaptureFailuresTest {

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void begin() throws IOException {
    bench = new Bench();
  }

  @AfterEach
  void end() {
    bench.stop();
  }

  @Test
  void everyFailureCountsAndNoSuccessDoes() throws Exception {
    CommitPathDatabase database = new CommitPathDatabase(512, new byte[4 * 512]);
    Replication stream = bench.start(folder, database, new ScriptedReplica());
    assertThat(stream.status().captureFailures()).isZero();
    TreeMap<Long, byte[]> tooShort = new TreeMap<>();
    tooShort.put(2L, new byte[500]);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> database.capture(new Flush(tooShort, 4)))
          .isInstanceOf(IOException.class);
      database.txId--;
    }
    TreeMap<Long, byte[]> broken = new TreeMap<>();
    broken.put(0L, new byte[512]); // there is no such page
    assertThatThrownBy(() -> database.capture(new Flush(broken, 4)))
        .isInstanceOf(IllegalArgumentException.class);
    database.txId--;
    assertThat(stream.status().captureFailures()).isEqualTo(3);
    database.commit(new Flush(new TreeMap<>(), 4));
    assertThat(stream.status().captureFailures()).isEqualTo(3);
    stream.sync(Bench.SOON);
    assertThat(stream.close()).isEmpty();
    assertThat(Files.readString(folder.resolve(StatusFile.NAME)))
        .contains("\"captureFailures\" : 3");
  }
}
