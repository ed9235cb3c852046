package dev.stream.it.server;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs on this machine that tests run: servers, and what looks at Stream as people do. */
public final class Programs {

  private static final Map<String, String> HOW_TO_GET =
      Map.ofEntries(
          Map.entry("nats-server", "apt-get install nats-server"),
          Map.entry("sshd", "apt-get install openssh-server openssh-sftp-server"),
          Map.entry("apache2", "apt-get install apache2"),
          Map.entry("proftpd", "apt-get install proftpd-core proftpd-mod-crypto"),
          Map.entry("rclone", "apt-get install rclone"),
          Map.entry("rclone-current", built("rclone-current")),
          Map.entry("sftpgo", built("sftpgo")),
          Map.entry("versitygw", built("versitygw")),
          Map.entry("promtool", "apt-get install prometheus"),
          Map.entry("chromium", "apt-get install chromium"),
          Map.entry("groff", "apt-get install groff-base"),
          Map.entry("systemd-analyze", "apt-get install systemd"),
          Map.entry("minio", "with Go 1.24 or newer: stream-it/images/build minio"));

  private Programs() {}

  private static String built(String program) {
    return "with Go 1.25 or newer: stream-it/images/build --program " + program;
  }

  /** The whole path of a program, which need not be on the path of who is not root. */
  public static Path find(String program) throws ServerMissingException {
    return search(program)
        .orElseThrow(
            () ->
                new ServerMissingException(
                    "no program '"
                        + program
                        + "' on this machine. Install it"
                        + howToGet(program)
                        + ", or start a Docker daemon; ./verify does either on Debian and Ubuntu"));
  }

  static Optional<Path> search(String program) {
    if (program.contains("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of);
    return Stream.concat(path, elsewhere().stream())
        .map(folder -> folder.resolve(program))
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static List<Path> elsewhere() {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return List.of(
        Path.of("/usr/local/sbin"),
        Path.of("/usr/sbin"),
        Path.of("/sbin"),
        // Where images/build puts what it built.
        caches.resolve("stream-test/bin"));
  }

  private static String howToGet(String program) {
    String command = HOW_TO_GET.get(Path.of(program).getFileName().toString());
    return command == null ? "" : " (" + command + ")";
  }
}
