package dev.stream.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.verify.ReplicaVerifier;
import dev.stream.core.verify.VerifyReport;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database without a page, as a new one is before its first write. */
@Timeout(60)
final class EmptyDatabaseTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final CodecLookup CODECS =
      name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS);

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final MemoryReplica store = MemoryReplica.create();
  private Path file;

  @BeforeEach
  void createEmptyFile() throws IOException {
    file = Files.createFile(folder.resolve("app.toy"));
  }

  private StreamController start() throws IOException {
    return StreamController.enable(
        StreamConfig.builder()
            .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
            .database(toys, new ToyDatabase.Config(file))
            .shadowDir(folder.resolve("shadow"))
            .syncInterval(Duration.ofMillis(10))
            .restore(true)
            .compression("none")
            .replica("r0", store.another())
            .build());
  }

  private void commit(int pages) throws IOException {
    byte[] bytes = new byte[pages * ToyDatabase.PAGE];
    java.util.Arrays.fill(bytes, (byte) pages);
    Objects.requireNonNull(toys.last).commit(bytes);
  }

  private GenerationListing only() throws IOException {
    List<GenerationListing> generations = new ReplicaArchive(store).list().generations();
    assertThat(generations).hasSize(1);
    return generations.get(0);
  }

  private byte[] restored(RestoreTarget wanted) throws IOException {
    Path target = folder.resolve("restored");
    RestoreState state =
        Restorer.builder(target, CODECS)
            .database(toys)
            .replica("r0", store)
            .state(wanted)
            .force(true)
            .build()
            .restore();
    assertThat(Files.size(target)).isEqualTo(state.highWaterMark() * ToyDatabase.PAGE);
    return Files.readAllBytes(target);
  }

  private void verifiesUpTo(long txId) throws IOException {
    VerifyReport report =
        new ReplicaVerifier("r0", new ReplicaArchive(store), CODECS, 2, RestoreListener.SILENT)
            .verify(false);
    assertThat(report.ok()).as("%s", report).isTrue();
    assertThat(report.generations().get(0).provenTxId()).isEqualTo(txId);
  }

  @Test
  void isABaseLikeAnyOther() throws Exception {
    StreamController stream = start();
    stream.sync(SOON);
    assertThat(only().snapshots()).hasSize(1);
    assertThat(restored(RestoreTarget.NEWEST)).isEmpty();
    verifiesUpTo(0);
    commit(3);
    stream.sync(SOON);
    assertThat(restored(RestoreTarget.NEWEST)).isEqualTo(Files.readAllBytes(file)).hasSize(1536);
    assertThat(restored(new RestoreTarget.Transaction(null, 0))).isEmpty();
    verifiesUpTo(1);
    assertThat(stream.closeAndReport()).isEmpty();
  }

  @Test
  void mayBecomeEmptyAndBeSnapshotAgain() throws Exception {
    StreamController stream = start();
    commit(3);
    stream.sync(SOON);
    commit(0);
    stream.sync(SOON);
    assertThat(restored(RestoreTarget.NEWEST)).isEmpty();
    stream.snapshotNow();
    commit(2);
    stream.sync(SOON);
    verifiesUpTo(3);
    commit(0);
    assertThat(stream.closeAndReport()).isEmpty();
    verifiesUpTo(4);
    assertThat(only().newestTxId()).hasValue(4);
  }

  @Test
  void goesOnEmptyAfterARestartAndAfterARestore() throws Exception {
    start().close();
    StreamController second = start();
    second.sync(SOON);
    assertThat(second.status().generationReason()).startsWith("resumed:");
    assertThat(second.closeAndReport()).isEmpty();
    Files.delete(file);
    StreamController third = start();
    assertThat(file).isEmptyFile();
    commit(2);
    assertThat(third.closeAndReport()).isEmpty();
    Files.delete(file);
    start().close();
    assertThat(Files.size(file)).isEqualTo(2 * ToyDatabase.PAGE);
    only();
  }
}
