package dev.stream.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServersIT {

  private static final int CLIENTS = 4222;

  static List<Mode> modes() {
    return switch (Mode.wanted()) {
      case AUTO ->
          Docker.answers() ? List.of(Mode.CONTAINERS, Mode.PROCESSES) : List.of(Mode.PROCESSES);
      case CONTAINERS -> List.of(Mode.CONTAINERS);
      case PROCESSES -> List.of(Mode.PROCESSES);
    };
  }

  @ParameterizedTest
  @MethodSource("modes")
  void dataAndAddressOutliveAKill(Mode mode) throws Exception {
    try (RunningServer server = Servers.start(new Nats(), mode)) {
      InetSocketAddress address = server.address(CLIENTS);
      String created = ask(address, "$JS.API.STREAM.CREATE.kept", "{\"name\":\"kept\"}");
      assertThat(created).contains("\"did_create\":true");
      server.kill();
      assertThatThrownBy(() -> hello(address)).isInstanceOf(IOException.class);
      server.start();
      assertThat(server.address(CLIENTS)).isEqualTo(address);
      assertThat(ask(address, "$JS.API.STREAM.NAMES", "")).contains("\"kept\"");
      assertThat(server.log()).contains("Server is ready");
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aPausedServerIsSilentUntilItGoesOn(Mode mode) throws Exception {
    try (RunningServer server = Servers.start(new Nats(), mode)) {
      server.pause();
      assertThatThrownBy(() -> hello(server.address(CLIENTS)))
          .isInstanceOf(SocketTimeoutException.class);
      server.resume();
      assertThat(hello(server.address(CLIENTS))).startsWith("INFO");
    }
  }

  /** A server of NATS with what it stores, and a file that it reads. */
  private record Nats() implements ServerRecipe {

    @Override
    public String name() {
      return "nats";
    }

    @Override
    public List<Integer> ports() {
      return List.of(CLIENTS);
    }

    @Override
    public Map<String, ServerFile> files(Layout layout) {
      String configuration = "listen: \"" + layout.bind() + ":" + layout.port(CLIENTS) + "\"\n";
      return Map.of(
          "nats.conf", new ServerFile(configuration.getBytes(StandardCharsets.UTF_8), 0600));
    }

    @Override
    public List<String> command(Layout layout) {
      return List.of("nats-server", "-c", layout.file("nats.conf"), "-js", "-sd", layout.data());
    }

    @Override
    public boolean isReady(RunningServer server) throws Exception {
      return hello(server.address(CLIENTS)).startsWith("INFO");
    }
  }

  /** The line that a server begins with. */
  private static String hello(InetSocketAddress address) throws IOException {
    try (Socket socket = connect(address)) {
      return reader(socket).readLine();
    }
  }

  private static String ask(InetSocketAddress address, String subject, String body)
      throws IOException {
    try (Socket socket = connect(address)) {
      String request =
          "CONNECT {\"verbose\":false}\r\nSUB answer 1\r\nPUB "
              + subject
              + " answer "
              + body.length()
              + "\r\n"
              + body
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader = reader(socket);
      String line = reader.readLine();
      while (!line.startsWith("MSG answer")) {
        line = reader.readLine();
      }
      return reader.readLine();
    }
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(2_000);
    return socket;
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }
}
