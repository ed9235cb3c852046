package dev.stream.it.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.it.Await;
import dev.stream.it.server.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas at the far end of a network that is slow, breaks, or falls silent. */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("dev.stream.it.backend.BackendKind#remote")
final class NetworkIT {

  private static final Duration ROUND_TRIP = Duration.ofMillis(50);

  private static Backend backend;

  @TempDir Path folder;
  @Parameter BackendKind kind;

  private String name;
  private LiveDatabase live;
  private TcpProxy proxy;

  @BeforeParameterizedClassInvocation
  static void startServer(BackendKind kind) throws Exception {
    backend = kind.start();
  }

  @AfterParameterizedClassInvocation
  static void stopServer() throws Exception {
    backend.close();
  }

  @BeforeEach
  void begin(TestInfo test) throws Exception {
    name = Place.name(test);
    live = LiveDatabase.create(folder, 200_000);
    proxy = TcpProxy.to(backend.address());
  }

  @AfterEach
  void end() throws Exception {
    live.close();
    proxy.close();
  }

  private Map<String, Object> far() throws Exception {
    return backend.config(name, proxy.address());
  }

  @Test
  void farAwayItIsAsExact() throws Exception {
    proxy.latency(ROUND_TRIP);
    try (StreamController stream = live.replicate(live.config().replica(backend.type(), far()));
        Place place = new Place(backend.type(), far(), folder)) {
      live.goOnForAWhile();
      place.assertRestores(live.settled(stream));
      live.go();
      live.goOnForAWhile();
      place.assertRestores(live.settled(stream));
      assertThat(live.told().events()).noneMatch(event -> event.startsWith("failing"));
    }
  }

  @Test
  void brokenConnectionsAreMadeAnew() throws Exception {
    try (StreamController stream = live.replicate(live.config().replica(backend.type(), far()));
        Place place = new Place(backend.type(), backend.config(name), folder)) {
      for (int i = 0; i < 5; i++) {
        live.goOnForAWhile();
        proxy.cut();
        live.goOnForAWhile();
        proxy.mend();
        place.assertRestores(live.settled(stream));
        live.go();
      }
    }
  }

  @Test
  void silenceIsAFailureAndSlowsNobodyElse() throws Exception {
    Map<String, Object> impatient = new HashMap<>(far());
    impatient.put("name", "silent");
    impatient.put("timeout", "3s");
    Path folder = this.folder.resolve("folder");
    StreamConfigBuilder config =
        live.config()
            .replica(backend.type(), impatient)
            .replica("file", Map.of("name", "folder", "path", folder));
    try (StreamController stream = live.replicate(config);
        Place far = new Place(backend.type(), backend.config(name), this.folder);
        Place near = new Place("file", Map.of("path", folder), this.folder)) {
      far.assertRestores(live.settled(stream));
      proxy.stall();
      live.go();
      live.goOnForAWhile();
      live.pause();
      byte[] meanwhile = live.bytes();
      near.awaitRestores(meanwhile);
      Await.until("the silence counts as a failure", () -> live.told().told("failing silent"));
      assertThat(stream.status().replicas())
          .filteredOn(replica -> replica.name().equals("folder"))
          .extracting(ReplicaStatus::lastError)
          .containsExactly((String) null);

      proxy.mend();
      live.go();
      live.goOnForAWhile();
      byte[] expected = live.settled(stream);
      far.assertRestores(expected);
      near.assertRestores(expected);
      assertThat(live.told().told("recovered silent")).isTrue();
    }
  }
}
