package dev.stream.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.StreamController;
import dev.stream.core.StreamControllerBuilder;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.fixture.ToyDatabase;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A first deployment, where Stream and the application start at once. */
@Timeout(60)
final class DatabaseWaitTest {

  @TempDir Path folder;
  private final ToyDatabase.Provider toys = new ToyDatabase.Provider();
  private final MemoryReplica store = MemoryReplica.create();

  private Path file() {
    return folder.resolve("app.toy");
  }

  private StreamControllerBuilder stream(boolean wait) throws IOException {
    StreamConfig config =
        StreamConfig.builder()
            .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())))
            .database(toys, new ToyDatabase.Config(file()))
            .shadowDir(folder.resolve("shadow"))
            .syncInterval(Duration.ofMillis(10))
            .compression("none")
            .restore(true)
            .waitForDatabase(wait)
            .replica("r0", store.another())
            .build();
    return StreamController.builder()
        .config(config)
        .plugins(PluginRegistry.of(List.of(new NoneCodecProvider())));
  }

  private String status() {
    try {
      return Files.readString(folder.resolve("shadow/status.json"));
    } catch (IOException e) {
      return "";
    }
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void itWaitsForTheApplicationAndTellsSo() throws Exception {
    StreamController stream = stream(true).build();
    CompletableFuture<Void> started =
        CompletableFuture.runAsync(
            () -> {
              try {
                stream.start();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    await(() -> status().contains("\"waiting\""));
    assertThat(status())
        .contains("no replica has anything", "waiting for the application to create it");
    Files.createFile(file()); // as SQLite does before it writes the first page
    assertThatThrownBy(() -> started.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(java.util.concurrent.TimeoutException.class);
    Files.delete(file());
    ToyDatabase.create(file());
    started.get(30, TimeUnit.SECONDS);
    assertThat(status()).contains("\"running\"");
    stream.close();
  }

  @Test
  void anInterruptEndsTheWaiting() throws Exception {
    StreamController stream = stream(true).build();
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread starting =
        new Thread(
            () -> {
              try {
                stream.start();
              } catch (IOException e) {
                end.set(e);
              }
            });
    starting.start();
    await(() -> status().contains("\"waiting\""));
    starting.interrupt();
    starting.join();
    assertThat(end.get()).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void whereItWasNotAskedToItDoesNotWait() throws Exception {
    StreamController stream = stream(false).build();
    assertThatThrownBy(stream::start).hasMessageContaining("is missing");
    StreamController patient = stream(false).waitForDatabase(Duration.ofMillis(50)).build();
    assertThatThrownBy(patient::start).hasMessageContaining("still no database", "--wait");
  }
}
