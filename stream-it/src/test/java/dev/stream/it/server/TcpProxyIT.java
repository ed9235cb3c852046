package dev.stream.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.it.Await;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyIT {

  /** Answers every byte with itself, and counts them. */
  private ServerSocket echo;

  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sessionsEnded = new AtomicLong();
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Daemons.run(
        "echo",
        () -> {
          while (true) {
            Socket accepted = echo.accept();
            Daemons.run("echo session", () -> serve(accepted));
          }
        });
    proxy = TcpProxy.to((InetSocketAddress) echo.getLocalSocketAddress());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  private void serve(Socket session) throws IOException {
    try (session) {
      InputStream in = session.getInputStream();
      OutputStream out = session.getOutputStream();
      byte[] buffer = new byte[8 << 10];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        received.addAndGet(count);
        out.write(buffer, 0, count);
      }
    } finally {
      sessionsEnded.incrementAndGet();
    }
  }

  @Test
  void allBytesPassInOrderAndAreCounted() throws Exception {
    proxy.latency(Duration.ofMillis(2));
    byte[] sent = new byte[5_000_000];
    new Random(1).nextBytes(sent);
    try (Socket client = connect()) {
      Daemons.run(
          "sender",
          () -> {
            client.getOutputStream().write(sent);
            client.shutdownOutput();
          });
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
    }
    assertThat(proxy.bytesToServer()).isEqualTo(sent.length);
    assertThat(proxy.bytesToClients()).isEqualTo(sent.length);
  }

  @Test
  void anAnswerTakesARoundTripAtLeast() throws Exception {
    Duration roundTrip = Duration.ofMillis(60);
    proxy.latency(roundTrip);
    try (Socket client = connect()) {
      // The first one waits for the connection too.
      assertThat(exchange(client)).isGreaterThanOrEqualTo(roundTrip.multipliedBy(2));
      for (int i = 0; i < 3; i++) {
        assertThat(exchange(client)).isGreaterThanOrEqualTo(roundTrip);
      }
    }
  }

  /** What follows at once is under way at the same time: it does not wait for what went before. */
  @Test
  void latencyIsPaidOnceForAllThatIsUnderWay() throws Exception {
    int chunks = 40;
    byte[] sent = new byte[chunks * ProxiedConnection.CHUNK];
    Duration roundTrip = Duration.ofSeconds(1);
    proxy.latency(roundTrip);
    try (Socket client = connect()) {
      long begin = System.nanoTime();
      Daemons.run("sender", () -> client.getOutputStream().write(sent));
      assertThat(client.getInputStream().readNBytes(sent.length)).hasSize(sent.length);
      // One after the other would take twenty times as long.
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(roundTrip.multipliedBy(2), roundTrip.multipliedBy(chunks / 4));
    }
  }

  @Test
  void aCutEndsConnectionsAndRefusesNewOnesUntilMended() throws Exception {
    try (Socket client = connect()) {
      exchange(client);
      proxy.cut();
      assertThatThrownBy(() -> exchange(client)).isInstanceOf(IOException.class);
      // The system lets go of the listening socket once its thread has noticed.
      Await.until("new connections are refused", this::isRefused);
    }
    proxy.mend();
    try (Socket client = connect()) {
      exchange(client);
    }
  }

  /** Also while the system still holds the socket that was cut, which busy processors prolong. */
  @Test
  void aCutIsMendedAtOnce() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      proxy.cut();
      proxy.mend();
    }
    try (Socket client = connect()) {
      exchange(client);
    }
  }

  private boolean isRefused() throws IOException {
    try {
      connect().close();
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }

  @Test
  void aStallKeepsConnectionsAndLosesNothing() throws Exception {
    try (Socket client = connect()) {
      exchange(client);
      proxy.stall();
      client.getOutputStream().write(9);
      client.setSoTimeout(100);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(received).hasValue(1);
      proxy.mend();
      client.setSoTimeout(0);
      assertThat(client.getInputStream().read()).isEqualTo(9);
    }
  }

  @Test
  void aCutInTheMiddleOfAnUploadLetsJustSoManyBytesThrough() throws Exception {
    int bound = 1_234_567;
    try (Socket client = connect()) {
      exchange(client);
      proxy.cutAfter(bound);
      Daemons.run("reader", () -> client.getInputStream().transferTo(new ByteArrayOutputStream()));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  client.getOutputStream().write(new byte[64 << 10]);
                }
              })
          .isInstanceOf(IOException.class);
      Await.until("the server noticed", () -> sessionsEnded.get() == 1);
      assertThat(proxy.bytesToServer()).isEqualTo(1 + bound);
      assertThat(received.get()).isLessThanOrEqualTo(1 + bound);
    }
    proxy.mend();
    try (Socket client = connect()) {
      exchange(client);
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(proxy.address());
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static Duration exchange(Socket client) throws IOException {
    long begin = System.nanoTime();
    client.getOutputStream().write(1);
    new DataInputStream(client.getInputStream()).readFully(new byte[1]);
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
