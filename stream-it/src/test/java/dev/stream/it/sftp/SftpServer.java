package dev.stream.it.sftp;

import dev.stream.it.backend.BackendKind;
import dev.stream.it.server.Layout;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerFile;
import dev.stream.it.server.ServerRecipe;
import dev.stream.it.server.Servers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * SFTP servers other than OpenSSH's, each with one user and password, and with the log-in folder
 * for its data. They run as processes of this machine, whatever else runs in containers.
 */
enum SftpServer {
  /** mod_sftp, which is particular about requests that span packets of SSH. */
  PROFTPD {
    @Override
    List<String> command(Layout layout) {
      return List.of("proftpd", "-n", "-q", "-c", layout.file("proftpd.conf"));
    }

    @Override
    Map<String, ServerFile> files(Layout layout) throws IOException {
      Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      Object gid = Files.getAttribute(Path.of("/proc/self"), "unix:gid");
      String user =
          String.join(":", USER, PASSWORD_HASH, "" + uid, "" + gid, "", layout.data(), "/bin/sh");
      return Map.of(
          "users", new ServerFile((user + "\n").getBytes(StandardCharsets.UTF_8), 0600),
          "groups",
              new ServerFile((USER + ":x:" + gid + ":\n").getBytes(StandardCharsets.UTF_8), 0600),
          "proftpd.conf", new ServerFile(proftpd(layout).getBytes(StandardCharsets.UTF_8), 0644));
    }
  },

  /** Writes files from their beginning to their end only, and says yes to links but makes none. */
  RCLONE {
    @Override
    List<String> command(Layout layout) {
      return List.of(
          "rclone",
          "serve",
          "sftp",
          "--addr",
          layout.bind() + ":" + layout.port(PORT),
          "--user",
          USER,
          "--pass",
          SshdRecipe.PASSWORD,
          "--key",
          layout.file("host_key"),
          "--config",
          layout.file("rclone.conf"),
          layout.data());
    }

    @Override
    Map<String, ServerFile> files(Layout layout) {
      return Map.of("rclone.conf", new ServerFile(new byte[0], 0600));
    }
  },

  /** Answers what a file's size is before it has written what it was sent before. */
  SFTPGO {
    @Override
    List<String> command(Layout layout) {
      return List.of(
          "sftpgo",
          "serve",
          "--config-file",
          layout.file("sftpgo.json"),
          "--log-file-path",
          "",
          "--log-level",
          "warn");
    }

    @Override
    Map<String, ServerFile> files(Layout layout) {
      String user =
          """
          {"users": [{"username": "%s", "password": "%s", "home_dir": "%s", "status": 1,
            "permissions": {"/": ["*"]}}], "version": 16}
          """
              .formatted(USER, SshdRecipe.PASSWORD, layout.data());
      String settings =
          """
          {"common": {"defender": {"enabled": false}},
           "sftpd": {"bindings": [{"port": %d, "address": "%s"}], "host_keys": ["%s"]},
           "ftpd": {"bindings": [{"port": 0}]}, "webdavd": {"bindings": [{"port": 0}]},
           "httpd": {"bindings": [{"port": 0}]}, "telemetry": {"bind_port": 0},
           "data_provider": {"driver": "memory", "name": "%s", "password_caching": true,
             "users_base_dir": "", "create_default_admin": false}}
          """
              .formatted(
                  layout.port(PORT),
                  layout.bind(),
                  layout.file("host_key"),
                  layout.file("users.json"));
      return Map.of(
          "users.json", new ServerFile(user.getBytes(StandardCharsets.UTF_8), 0600),
          "sftpgo.json", new ServerFile(settings.getBytes(StandardCharsets.UTF_8), 0600));
    }
  };

  static final int PORT = 22;
  static final String USER = "keeper";

  private static final String PASSWORD_HASH = SshdRecipe.PASSWORD_HASH;

  /** Those that this run has: what is built from source takes minutes. */
  static List<SftpServer> wanted() {
    return BackendKind.areSlowOnesWanted() ? List.of(values()) : List.of(PROFTPD, RCLONE);
  }

  abstract List<String> command(Layout layout);

  abstract Map<String, ServerFile> files(Layout layout) throws IOException;

  private static String proftpd(Layout layout) {
    return String.join(
        "\n",
        "ModulePath /usr/lib/proftpd",
        "LoadModule mod_sftp.c",
        "ServerType standalone",
        "UseIPv6 off",
        "DefaultAddress " + layout.bind(),
        "Port " + layout.port(PORT),
        "User " + System.getProperty("user.name"),
        "Group " + System.getProperty("user.name"),
        "RootLogin on",
        "RequireValidShell off",
        "AuthOrder mod_auth_file.c",
        "AuthUserFile " + layout.file("users"),
        "AuthGroupFile " + layout.file("groups"),
        "ScoreboardFile " + layout.file("scoreboard"),
        "PidFile " + layout.file("pid"),
        "DelayTable none",
        "SystemLog none",
        "WtmpLog off",
        "MaxInstances 500",
        "AllowOverwrite on",
        "SFTPEngine on",
        "SFTPHostKey " + layout.file("host_key"),
        "SFTPAuthMethods password",
        "");
  }

  /** A running one. */
  static final class Running implements AutoCloseable {

    final RunningServer server;
    private final TestKey hostKey;

    private Running(RunningServer server, TestKey hostKey) {
      this.server = server;
      this.hostKey = hostKey;
    }

    /** A way in that works, to a place below the log-in folder. */
    Access access(String place) throws Exception {
      Access access = new Access();
      access.host = server.address(PORT).getAddress().getHostAddress();
      access.port = server.address(PORT).getPort();
      access.user = USER;
      access.password = SshdRecipe.PASSWORD;
      access.path = place;
      access.hostKeyFingerprint = hostKey.fingerprint();
      return access;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  Running start() throws Exception {
    TestKey hostKey = TestKey.rsa();
    return new Running(Servers.startProcess(new Recipe(this, hostKey)), hostKey);
  }

  private record Recipe(SftpServer kind, TestKey hostKey) implements ServerRecipe {

    @Override
    public String name() {
      return kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public List<Integer> ports() {
      return List.of(PORT);
    }

    @Override
    public Map<String, ServerFile> files(Layout layout) {
      Map<String, ServerFile> files;
      try {
        files = new java.util.HashMap<>(kind.files(layout));
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      files.put("host_key", new ServerFile(hostKey.privateFile(), 0600));
      return files;
    }

    @Override
    public List<String> command(Layout layout) {
      return kind.command(layout);
    }

    @Override
    public boolean isReady(RunningServer server) throws Exception {
      InetSocketAddress address = server.address(PORT);
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        socket.setSoTimeout(2_000);
        byte[] greeting = socket.getInputStream().readNBytes(4);
        return new String(greeting, StandardCharsets.US_ASCII).equals("SSH-");
      }
    }
  }
}
