package dev.stream.it.sftp;

import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@link SshdRecipe}, and what clients need to know of it. */
final class SshdServer implements AutoCloseable {

  private static final Pattern USER = Pattern.compile("stream-it: user (\\S+) at (\\S+)");

  final TestKey hostKey = TestKey.ecdsa();
  final TestKey secondHostKey = TestKey.rsa();
  final TestKey userKey = TestKey.rsa();
  final RunningServer server;

  /** Holds the user's key, and whatever else clients need. */
  final Path folder;

  final Path keyFile;

  /** Who may log in by key. */
  final String user;

  /** Where that user may write. */
  final String home;

  private SshdServer(OptionalLong dataLimit) throws Exception {
    folder = Files.createTempDirectory("stream-it-sftp-");
    keyFile = Files.write(folder.resolve("key"), userKey.privateFile());
    server = Servers.start(new SshdRecipe(hostKey, secondHostKey, userKey, dataLimit));
    Matcher says = USER.matcher(server.log());
    if (!says.find()) {
      server.close();
      throw new IllegalStateException("sshd did not say who may log in:\n" + server.log());
    }
    user = says.group(1);
    home = says.group(2);
  }

  static SshdServer start() throws Exception {
    return new SshdServer(OptionalLong.empty());
  }

  static SshdServer start(long dataLimit) throws Exception {
    return new SshdServer(OptionalLong.of(dataLimit));
  }

  /** Whether there are the users with passwords, without rights and in a cage. */
  boolean hasOwnUsers() {
    return user.equals("keeper");
  }

  /** A way in that works, to a place below the user's home. */
  Access access(String place) throws Exception {
    Access access = new Access();
    access.host = server.address(SshdRecipe.PORT).getAddress().getHostAddress();
    access.port = server.address(SshdRecipe.PORT).getPort();
    access.user = user;
    access.keyPath = keyFile;
    access.path = home + "/" + place;
    access.hostKeyFingerprint = hostKey.fingerprint();
    return access;
  }

  @Override
  public void close() throws IOException {
    server.close();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
