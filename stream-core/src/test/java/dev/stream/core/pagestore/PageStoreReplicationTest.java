package dev.stream.core.pagestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.PageFrame;
import dev.stream.core.StreamController;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.Restorer;
import dev.stream.testkit.TestRun;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example replicates, is restored to the byte, goes on after a restart, fails no commit. */
@Timeout(60)
final class PageStoreReplicationTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final Random random = TestRun.random(getClass().getName());
  private final MemoryReplica replica = MemoryReplica.create();

  private StreamConfig config() throws IOException {
    return StreamConfig.builder()
        .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(10))
        .compression("none")
        .replica("memory", replica.another())
        .build();
  }

  private byte[] restored() throws Exception {
    Path target = folder.resolve("restored" + random.nextLong());
    Restorer.builder(target, name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS))
        .replica("memory", replica.another())
        .build()
        .restore();
    return Files.readAllBytes(target);
  }

  @Test
  void isRestoredToTheByteAndGoesOnInItsGeneration() throws Exception {
    Path file = folder.resolve("store.pages");
    String generation = null;
    for (int run = 0; run < 3; run++) {
      PageStore store = new PageStore(file);
      try (StreamController stream = StreamController.enable(store, config())) {
        for (int i = 0; i < 20; i++) {
          PageStoreHarness.commit(store, random);
        }
        stream.sync(SOON);
        assertThat(restored()).isEqualTo(Files.readAllBytes(file));
        String now = stream.status().generation();
        assertThat(now)
            .as(stream.status().generationReason())
            .isEqualTo(generation == null ? now : generation);
        generation = now;
      }
    }
    try (PageStore store = new PageStore(file)) {
      PageStoreHarness.commit(store, random); // without Stream
    }
    PageStore store = new PageStore(file);
    try (StreamController stream = StreamController.enable(store, config())) {
      stream.sync(SOON);
      assertThat(stream.status().generation()).isEqualTo(generation);
      assertThat(stream.status().lastCatchUp()).isNotNull();
      assertThat(restored()).isEqualTo(Files.readAllBytes(file));
    }
  }

  /** Notes what it is given; its failures are a test's. */
  private static final class Notes implements PageFlushObserver {
    final List<String> calls = new ArrayList<>();
    RuntimeException failure;

    @Override
    public void onPageFlush(PageFlush flush) throws IOException {
      List<PageFrame> frames = new ArrayList<>();
      flush.frames().forEach(frames::add);
      calls.add(
          flush.txId()
              + frames.stream()
                  .map(frame -> " " + frame.id() + "+" + frame.overflow())
                  .toList()
                  .toString());
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void onBase(DatabaseImage image, Continuity continuity) throws IOException {
      calls.add("base " + image.txId() + " of " + image.highWaterMark());
      image.close();
    }

    @Override
    public void onNotice(String message) {}

    @Override
    public void onTrouble(String message) {
      calls.add("trouble");
    }

    @Override
    public void onRecovered() {
      calls.add("recovered");
    }
  }

  @Test
  void aLongValueIsOneFrameWithOverflowBesideTheHeaderPage() throws Exception {
    Notes notes = new Notes();
    try (PageStore store = new PageStore(folder.resolve("store.pages"))) {
      store.start(null, notes);
      byte[] value = new byte[2 * PageStore.PAGE + 1];
      Arrays.fill(value, (byte) 7);
      store.commit(Map.of(5L, value), 9);
      assertThat(notes.calls).containsExactly("base 1 of 0", "2[ 1+0,  5+2]");
    }
  }

  @Test
  void anObserverThatBreaksFailsNoCommitAndStartsAnew() throws Exception {
    Notes notes = new Notes();
    Path file = folder.resolve("store.pages");
    try (PageStore store = new PageStore(file)) {
      store.start(null, notes);
      notes.failure = new IllegalStateException("on purpose");
      store.commit(Map.of(2L, new byte[] {1}), 3);
      assertThat(Files.size(file)).isEqualTo(3 * PageStore.PAGE);
      notes.failure = null;
      store.commit(Map.of(2L, new byte[] {2}), 3);
      assertThat(notes.calls)
          .containsExactly(
              "base 1 of 0", "2[ 1+1]", "trouble", "base 3 of 3", "recovered", "4[ 1+1]");
    }
  }
}
