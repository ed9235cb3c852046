package dev.stream.it.sftp;

import dev.stream.it.server.Layout;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerFile;
import dev.stream.it.server.ServerRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * OpenSSH's server with three users: {@code keeper} (key or password), {@code reader} (the same
 * files, read-only) and {@code caged} (confined to a folder). As a process of this machine it has
 * them only if root runs the tests, and then in a mount namespace of its own, so that the machine's
 * users stay as they are; otherwise only the current user can log in, by key.
 */
public final class SshdRecipe implements ServerRecipe {

  static final int PORT = 22;
  static final String PASSWORD = "sftp-test-password-7361";

  static final String PASSWORD_HASH =
      "$6$streamit$VKnW7XEXZaf7iszcfuAk5zYjfRlkdodoJkcFwlMv6mTd4lhq/JDJ3RoSEumyqykQoGBVfPzpQw8zkgK4kzgcy.";

  private final TestKey hostKey;
  private final TestKey secondHostKey;
  private final TestKey userKey;
  private final OptionalLong dataLimit;

  SshdRecipe(TestKey hostKey, TestKey secondHostKey, TestKey userKey, OptionalLong dataLimit) {
    this.hostKey = hostKey;
    this.secondHostKey = secondHostKey;
    this.userKey = userKey;
    this.dataLimit = dataLimit;
  }

  @Override
  public String name() {
    return "sshd";
  }

  @Override
  public List<Integer> ports() {
    return List.of(PORT);
  }

  @Override
  public OptionalLong dataLimit() {
    return dataLimit;
  }

  @Override
  public Map<String, ServerFile> files(Layout layout) {
    return Map.of(
        "sshd_config", text(configuration(layout), 0644),
        "start", text(resource("sshd-start"), 0755),
        "serve", text(resource("sshd-serve"), 0755),
        "shadow", text(PASSWORD_HASH, 0600),
        "requests.log", text("", 0666),
        "host_key", new ServerFile(hostKey.privateFile(), 0600),
        "host_key_2", new ServerFile(secondHostKey.privateFile(), 0600),
        "authorized_keys", text(userKey.publicLine() + "\n", 0644));
  }

  private static String configuration(Layout layout) {
    return String.join(
        "\n",
        "Port " + layout.port(PORT),
        "ListenAddress " + layout.bind(),
        "HostKey " + layout.file("host_key"),
        "HostKey " + layout.file("host_key_2"),
        "AuthorizedKeysFile " + layout.file("authorized_keys"),
        "PidFile none",
        "UsePAM no",
        "UseDNS no",
        "StrictModes no",
        "PermitRootLogin prohibit-password",
        "MaxStartups 500",
        "Subsystem sftp " + layout.file("serve"),
        "Match User reader",
        "  ForceCommand " + layout.file("serve") + " -R",
        "Match User caged",
        "  ChrootDirectory " + (isContained(layout) ? layout.data() + "/cage" : "/mnt"),
        "  ForceCommand internal-sftp",
        "");
  }

  @Override
  public List<String> command(Layout layout) {
    String kind = isContained(layout) ? "container" : "process";
    String files = layout.file("start");
    return List.of("sh", files, files.substring(0, files.lastIndexOf('/')), layout.data(), kind);
  }

  private static boolean isContained(Layout layout) {
    return layout.bind().equals("0.0.0.0");
  }

  @Override
  public boolean isReady(RunningServer server) throws Exception {
    try (Socket socket =
        new Socket(server.address(PORT).getAddress(), server.address(PORT).getPort())) {
      socket.setSoTimeout(2_000);
      byte[] greeting = socket.getInputStream().readNBytes(4);
      return new String(greeting, StandardCharsets.US_ASCII).equals("SSH-");
    }
  }

  private static ServerFile text(String content, int mode) {
    return new ServerFile(content.getBytes(StandardCharsets.UTF_8), mode);
  }

  private static String resource(String name) {
    try (InputStream in = SshdRecipe.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("the tests' own files can be read", e);
    }
  }
}
