package dev.stream.it.thirdparty;

import dev.stream.it.server.Layout;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerFile;
import dev.stream.it.server.ServerRecipe;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Apache httpd with a WebDAV folder, as Debian packages it. */
final class HttpdRecipe implements ServerRecipe {

  static final String USER = "replicator";
  static final String PASSWORD = "battery-staple-correct";

  private static final int PORT = 8080;
  private static final String CONFIG = "httpd.conf";
  private static final String USERS = "users";

  static String url(RunningServer server, String path) {
    InetSocketAddress address = server.address(PORT);
    return "http://" + address.getHostString() + ":" + address.getPort() + "/" + path;
  }

  @Override
  public String name() {
    return "httpd";
  }

  @Override
  public List<Integer> ports() {
    return List.of(PORT);
  }

  @Override
  public Map<String, ServerFile> files(Layout layout) {
    return Map.of(CONFIG, file(config(layout)), USERS, file(USER + ":{SHA}" + sha1(PASSWORD)));
  }

  /** Readable by the user whom Apache becomes. */
  private static ServerFile file(String text) {
    return new ServerFile((text + "\n").getBytes(StandardCharsets.UTF_8), 0644);
  }

  private static String sha1(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String config(Layout layout) {
    StringBuilder config = new StringBuilder();
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
      config.append(
          "LoadModule %1$s_module /usr/lib/apache2/modules/mod_%1$s.so\n".formatted(module));
    }
    return config
        + """
        ServerRoot "%1$s"
        DefaultRuntimeDir "%1$s"
        PidFile "%1$s/httpd.pid"
        ErrorLog "%1$s/error.log"
        ServerName localhost
        Listen %2$s:%3$d
        User #65534
        Group #65534
        DocumentRoot "%1$s/files"
        DavLockDB "%1$s/locks/DavLock"
        <Directory "%1$s/files">
          Dav On
          AuthType Basic
          AuthName webdav
          AuthUserFile "%4$s"
          Require valid-user
        </Directory>
        """
            .formatted(layout.data(), layout.bind(), layout.port(PORT), layout.file(USERS));
  }

  /**
   * Started by root, Apache serves as nobody, who must get at the folder; and the note of its
   * process that a killed one leaves would keep it from starting again.
   */
  @Override
  public List<String> command(Layout layout) {
    String script =
        """
        set -e
        PATH=$PATH:/usr/sbin:/sbin
        mkdir -p "$0/files" "$0/locks"
        rm -f "$0/httpd.pid"
        if [ "$(id -u)" = 0 ]; then
          chmod a+x "$0" "$0/.."
          chown -R 65534:65534 "$0/files" "$0/locks"
        fi
        command -v apache2 >&2 || { echo "install it: apt-get install apache2" >&2; exit 1; }
        exec apache2 -f "$1" -D FOREGROUND
        """;
    return List.of("sh", "-c", script, layout.data(), layout.file(CONFIG));
  }

  @Override
  public boolean isReady(RunningServer server) throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(url(server, "")).toURL().openConnection();
    connection.setConnectTimeout(5000);
    connection.setReadTimeout(5000);
    // It asks who is there.
    return connection.getResponseCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
  }
}
