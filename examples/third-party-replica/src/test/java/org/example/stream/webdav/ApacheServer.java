package org.example.stream.webdav;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Apache httpd with mod_dav on loopback, as Debian packages it, with a configuration and folders of
 * its own. Its port stays the same over all starts.
 */
final class ApacheServer implements AutoCloseable {

  static final String USER = "replicator";
  static final String PASSWORD = "correct-horse-battery";

  private static final Path MODULES = Path.of("/usr/lib/apache2/modules");
  private static final long PATIENCE_SECONDS = 30;

  private final Path folder;
  private final int port;
  private Process process;

  private ApacheServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  static ApacheServer start() throws Exception {
    Path folder = Files.createTempDirectory("webdav-");
    for (String sub : List.of("files", "locks")) {
      Files.createDirectory(folder.resolve(sub));
    }
    // Started by root, Apache serves as somebody else, who must get at its folders.
    mode(folder, "rwx--x--x");
    mode(folder.resolve("files"), "rwxrwxrwx");
    mode(folder.resolve("locks"), "rwxrwxrwx");
    ApacheServer server = new ApacheServer(folder, freePort());
    server.configure();
    Runtime.getRuntime().addShutdownHook(new Thread(server::end));
    server.begin();
    return server;
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void configure() throws Exception {
    StringBuilder modules = new StringBuilder();
    for (String module :
        List.of(
            "mpm_event",
            "authn_core",
            "authn_file",
            "authz_core",
            "authz_user",
            "auth_basic",
            "dav",
            "dav_fs",
            "dir")) {
      String file = MODULES.resolve("mod_" + module + ".so").toString();
      modules.append("LoadModule " + module + "_module " + file + "\n");
    }
    Files.writeString(folder.resolve("users"), USER + ":{SHA}" + sha1(PASSWORD) + "\n");
    Files.writeString(
        folder.resolve("httpd.conf"),
        modules
            + """
            ServerRoot "%1$s"
            DefaultRuntimeDir "%1$s"
            PidFile "%1$s/httpd.pid"
            ErrorLog "%1$s/error.log"
            ServerName localhost
            Listen 127.0.0.1:%2$d
            User #65534
            Group #65534
            DocumentRoot "%1$s/files"
            DavLockDB "%1$s/locks/DavLock"
            <Directory "%1$s/files">
              Dav On
              AuthType Basic
              AuthName webdav
              AuthUserFile "%1$s/users"
              Require valid-user
            </Directory>
            <Location "/read-only">
              <LimitExcept GET HEAD OPTIONS PROPFIND>
                Require all denied
              </LimitExcept>
            </Location>
            """
                .formatted(folder, port));
  }

  private static String sha1(String password) throws Exception {
    byte[] digest =
        java.security.MessageDigest.getInstance("SHA-1")
            .digest(password.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }

  /** Starts it and waits until it answers. */
  void begin() throws Exception {
    process =
        new ProcessBuilder(
                program(), "-d", folder.toString(), "-f", "httpd.conf", "-D", "FOREGROUND")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output").toFile()))
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("Apache does not start: " + log());
      }
      Thread.onSpinWait();
    }
  }

  private static String program() {
    String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
    return Stream.of(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, "apache2"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "These tests need Apache httpd. Install it: apt-get install apache2"))
        .toString();
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String log() throws IOException {
    Path errors = folder.resolve("error.log");
    return Files.readString(folder.resolve("output"))
        + (Files.exists(errors) ? Files.readString(errors) : "");
  }

  /** Ends it; what it stores stays. Told so rather than killed, it takes its children with it. */
  void end() {
    process.destroy();
    process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Lets the server read a folder, but neither add nor remove files. */
  void protect(String path) throws IOException {
    mode(file(path), "r-xr-xr-x");
  }

  /** Lets the server write into a folder that the test has made. */
  void makeWritable(String path) throws IOException {
    mode(file(path), "rwxrwxrwx");
  }

  /** Where a path of the server's folder is on this machine's disk. */
  Path file(String path) {
    return folder.resolve("files").resolve(path);
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + "/" + path;
  }

  WebdavReplicaConfig config(String path) {
    return new WebdavReplicaConfig(url(path), USER, PASSWORD);
  }

  @Override
  public void close() throws IOException {
    end();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
