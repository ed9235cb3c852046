package dev.stream.it.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.stream.it.Tmpfs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void onlyWhatDeadTestRunsLeftBehindIsRemoved() throws Exception {
    assumeTrue(modes().contains(Mode.CONTAINERS), "no Docker daemon answers");
    DockerClient docker = Docker.client();
    String image = Images.of("nats", docker);
    String stale = container(docker, image, new TestRun(TestRun.current().pid(), 0));
    String used = container(docker, image, TestRun.current());
    try {
      Docker.removeStale(docker);
      assertThatThrownBy(() -> docker.inspectContainerCmd(stale).exec())
          .isInstanceOf(NotFoundException.class);
      assertThat(docker.inspectContainerCmd(used).exec().getId()).isEqualTo(used);
    } finally {
      Docker.remove(docker, stale);
      Docker.remove(docker, used);
    }
  }

  private static String container(DockerClient docker, String image, TestRun run) {
    return docker
        .createContainerCmd(image)
        .withCmd("nats-server")
        .withLabels(Map.of(Docker.LABEL, run.toString()))
        .exec()
        .getId();
  }

  @Test
  void foldersOfDeadTestRunsAreRemoved(@TempDir Path temporary) throws Exception {
    TestRun current = TestRun.current();
    Path stale = temporary.resolve("stream-it-server_" + new TestRun(current.pid(), 0) + "_nats_1");
    Path used = temporary.resolve("stream-it-server_" + current + "_nats_2");
    Path foreign = temporary.resolve("stream-it-other");
    for (Path folder : List.of(stale, used, foreign)) {
      Files.createDirectories(folder.resolve("data/inside"));
    }
    ProcessFolder.removeStale(temporary);
    assertThat(stale).doesNotExist();
    assertThat(used).exists();
    assertThat(foreign).exists();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aServerThatEndsAtOnceFailsWithWhatItSaid(Mode mode) {
    assertThatThrownBy(() -> Servers.start(new Nats("-c", "/no-such-file"), mode))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended")
        .hasMessageContaining("/no-such-file");
  }

  @Test
  void aMissingProgramIsNamedWithHowToGetIt() {
    assertThatThrownBy(() -> Programs.find("no-such-server"))
        .isInstanceOf(ServerMissingException.class)
        .hasMessageContaining("'no-such-server'")
        .hasMessageContaining("./verify");
  }

  @ParameterizedTest
  @MethodSource("modes")
  void dataIsBoundedWhereAsked(Mode mode) throws Exception {
    assumeTrue(mode == Mode.CONTAINERS || Tmpfs.possible(), "only root may mount a small disk");
    try (RunningServer server =
        Servers.start(new Nats(OptionalLong.of(1 << 20), List.of()), mode)) {
      InetSocketAddress address = server.address(CLIENTS);
      ask(
          address,
          "$JS.API.STREAM.CREATE.full",
          "{\"name\":\"full\",\"subjects\":[\"full\"],\"storage\":\"file\"}");
      String stored = "";
      for (int i = 0; i < 64 && !stored.contains("error"); i++) {
        stored = ask(address, "full", "x".repeat(64 << 10));
      }
      assertThat(stored).contains("error");
    }
  }

  /** A server of NATS with what it stores, and a file that it reads. */
  private record Nats(OptionalLong dataLimit, List<String> options) implements ServerRecipe {

    Nats(String... options) {
      this(OptionalLong.empty(), List.of(options));
    }

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
      List<String> command = new ArrayList<>();
      command.addAll(List.of("nats-server", "-c", layout.file("nats.conf")));
      command.addAll(List.of("-js", "-sd", layout.data()));
      command.addAll(options);
      return command;
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
