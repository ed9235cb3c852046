package dev.stream.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.config.HeartbeatConfig;
import dev.stream.core.status.ReadBack;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.status.StreamStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever watches the address hears of Stream while all is well, and only then. */
@Timeout(60)
final class HeartbeatTest {

  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private volatile Duration window = Duration.ZERO;
  private volatile String answer = "200 OK";
  private ServerSocket server;
  private Thread serving;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    serving = new Thread(this::serve, "heartbeat-test");
    serving.start();
  }

  @AfterEach
  void end() throws Exception {
    server.close();
    serving.join();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        requests.add(in.readLine());
        while (!in.readLine().isEmpty()) {}
        String response =
            "HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private StreamStatus status() {
    ReplicaStatus replica = new ReplicaStatus("r", "s", null, 1, 0, 0, null, window);
    return new StreamStatus(
        "db",
        0,
        null,
        null,
        "",
        1,
        null,
        true,
        true,
        null,
        0,
        ReadBack.NONE,
        null,
        null,
        0,
        0,
        window,
        Duration.ofSeconds(30),
        List.of(replica),
        List.of(),
        Instant.EPOCH);
  }

  private Heartbeat start() {
    String url = "http://127.0.0.1:" + server.getLocalPort() + "/ping/secret?a=b";
    return Heartbeat.start(new HeartbeatConfig(url, INTERVAL), this::status);
  }

  @Test
  void theAddressIsCalledAfterEachIntervalInWhichAllReplicasWereCurrent() throws Exception {
    try (Heartbeat heartbeat = start()) {
      assertThat(requests.take()).isEqualTo("GET /ping/secret?a=b HTTP/1.1");
      assertThat(requests.take()).isNotNull();
      window = Duration.ofMinutes(1);
      // One call may have been under way.
      var unused = requests.poll(10 * INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
      requests.clear();
      assertThat(requests.poll(10 * INTERVAL.toMillis(), TimeUnit.MILLISECONDS)).isNull();
      window = Duration.ofSeconds(1);
      assertThat(requests.take()).isNotNull();
      assertThat(heartbeat).isNotNull();
    }
  }

  @Test
  void anAddressThatRefusesIsCalledAgain() throws Exception {
    answer = "500 No";
    try (Heartbeat heartbeat = start()) {
      for (int i = 0; i < 3; i++) {
        assertThat(requests.take()).isNotNull();
      }
      assertThat(heartbeat).isNotNull();
    }
  }

  @Test
  void noPartOfTheAddressIsTold() {
    String url = "https://watch.example/s3cr3t?key=t0k3n";
    assertThat(
            Heartbeat.withoutAddress(
                "no host watch.example for " + url + " (/s3cr3t, key=t0k3n)", url))
        .isEqualTo("no host *** for *** (***, ***)");
  }

  /** Nothing waits for it, and its thread ends with it. */
  @Test
  void anAddressThatDoesNotAnswerIsLetGo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      Heartbeat heartbeat = Heartbeat.start(new HeartbeatConfig(url, INTERVAL), this::status);
      try (Socket calling = silent.accept()) {
        assertThat(calling.isConnected()).isTrue();
        heartbeat.close();
        assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch(thread -> thread.getName().equals("stream-heartbeat") && thread.isAlive());
      }
    }
  }
}
