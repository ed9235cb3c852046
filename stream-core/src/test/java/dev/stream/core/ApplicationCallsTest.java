package dev.stream.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.StreamListener;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application listens with, and calls at a wrong moment, harms nothing and is told. */
class ApplicationCallsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();

  private StreamConfig config() throws IOException {
    Path file = folder.resolve("app.toy");
    ToyDatabase.create(file);
    return StreamConfig.builder()
        .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
        .database(toys, new ToyDatabase.Config(file))
        .shadowDir(folder.resolve("shadow"))
        .syncInterval(Duration.ofMillis(10))
        .compression("none")
        .replica("r0", MemoryReplica.create())
        .build();
  }

  @Test
  void aListenerThatThrowsErrorsStopsNothing() throws Exception {
    Set<String> called = ConcurrentHashMap.newKeySet();
    try (StreamController stream =
        StreamController.builder()
            .config(config())
            .listener(Faulty.listener(StreamListener.class, called))
            .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
            .build()) {
      stream.start();
      for (int i = 0; i < 5; i++) {
        Objects.requireNonNull(toys.last).commit();
        stream.sync(SOON);
      }
      assertThat(called).contains("onEvent");
      assertThat(stream.status().captureFailures()).isZero();
      assertThat(stream.status().capturing()).isTrue();
      assertThat(stream.status().captureError()).isNull();
    }
  }

  @Test
  void nullIsRefusedWhereItIsGiven() {
    assertThatNullPointerException()
        .isThrownBy(() -> StreamController.builder().listener(null))
        .withMessage("listener");
    assertThatNullPointerException().isThrownBy(() -> Observer.of(config(), null));
  }

  @Test
  void aClosedControllerTakesNoOrders() throws Exception {
    StreamController stream = StreamController.enable(config());
    stream.close();
    assertThatIllegalStateException()
        .isThrownBy(stream::snapshotNow)
        .withMessageContaining("app.toy was closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> stream.sync(SOON))
        .withMessageContaining("app.toy was closed");
    stream.close();
  }

  @Test
  void anInterruptedStartIsToldAsOne() throws Exception {
    StreamConfig config = config();
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(InterruptedIOException.class)
          .isThrownBy(() -> StreamController.enable(config))
          .withMessage("interrupted while starting; nothing is replicated");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      boolean unused = Thread.interrupted();
    }
    try (StreamController stream = StreamController.enable(config())) {
      stream.sync(SOON);
    }
  }
}
