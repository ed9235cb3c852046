package dev.stream.cli.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application that goes on only when enough replicas have what it has committed. */
@Timeout(120)
final class AwaitReplicatedTest extends TwoReplicas {

  @BeforeEach
  void sealRarely() throws Exception {
    String text = Files.readString(config).strip();
    Files.writeString(
        config,
        text.substring(0, text.length() - 1)
            + ", \"syncInterval\": \"1h\", \"compaction\": \"none\", \"closeTimeout\": \"1s\"}");
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)");
  }

  private static void require(CompletableFuture<Void> done) throws Exception {
    done.get(60, TimeUnit.SECONDS);
  }

  private long restorable(String replica) throws Exception {
    Path target = folder.resolve("back-" + System.nanoTime());
    Invocation restored =
        Invocation.of("restore", "--from", folder.resolve(replica).toString(), "-o", "" + target);
    assertThat(restored.exit()).as(restored.err()).isZero();
    try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + target);
        var rows = connection.createStatement().executeQuery("SELECT count(*) FROM t")) {
      return rows.getLong(1);
    }
  }

  @Test
  void whatWasCommittedCanBeRestoredFromAllThoughNoSegmentWasDue() throws Exception {
    try (StreamController stream = stream()) {
      for (int i = 1; i <= 3; i++) {
        sql("INSERT INTO t VALUES(" + i + ")");
        long txId = stream.committedTxId();
        require(stream.awaitReplicated(txId, 2).toCompletableFuture());
        assertThat(restorable("one")).isEqualTo(i);
        assertThat(restorable("two")).isEqualTo(i);
      }
    }
  }

  @Test
  void aReplicaThatIsDownIsWaitedForOnlyByWhoNeedsIt() throws Exception {
    Path two = Files.createDirectories(folder.resolve("two"));
    try (StreamController stream = stream()) {
      stream.sync(Duration.ofSeconds(30));
      Path away = Files.move(two, folder.resolve("away"));
      Files.writeString(two, "no folder");
      sql("INSERT INTO t VALUES(1)");
      long txId = stream.committedTxId();
      CompletableFuture<Void> all = stream.awaitReplicated(txId, 2).toCompletableFuture();
      CompletableFuture<Void> givenUp = stream.awaitReplicated(txId, 2).toCompletableFuture();
      require(stream.awaitReplicated(txId, 1).toCompletableFuture());
      assertThat(all).isNotDone();
      assertThat(givenUp.cancel(false)).isTrue();

      Files.delete(two);
      Files.move(away, two);
      require(all);
      assertThat(restorable("two")).isEqualTo(1);
    }
  }

  @Test
  void whoeverWaitsWhenItIsClosedIsTold() throws Exception {
    StreamController stream = stream();
    CompletableFuture<Void> never;
    try (stream) {
      never = stream.awaitReplicated(Long.MAX_VALUE, 1).toCompletableFuture();
      assertThat(never).isNotDone();
    }
    assertThatThrownBy(() -> never.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("closed before");
    assertThatThrownBy(() -> stream.awaitReplicated(1, 1))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aQuorumThatCannotBeIsRefused() throws Exception {
    try (StreamController stream = stream()) {
      assertThatThrownBy(() -> stream.awaitReplicated(1, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("quorum is 3; it must be from 1 to 2, the replicas there are");
      assertThatThrownBy(() -> stream.awaitReplicated(1, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
