package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaUrl;
import dev.stream.api.replica.ReplicaUrls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Folders on SFTP servers as URLs: {@code sftp://user@host/backups/app}. */
final class SftpUrls implements ReplicaUrls {

  /** Where {@code ssh} looks for keys, in its order. */
  private static final List<String> USUAL_KEYS =
      List.of(".ssh/id_rsa", ".ssh/id_ecdsa", ".ssh/id_ed25519");

  private final Path home;

  /**
   * URLs of a user.
   *
   * @param home his home folder, where keys are looked for if a URL says nothing of them
   */
  SftpUrls(Path home) {
    this.home = home;
  }

  @Override
  public Set<String> schemes() {
    return Set.of("sftp");
  }

  @Override
  public String example() {
    return "sftp://USER@HOST:PORT/FOLDER?keyPath=FILE";
  }

  @Override
  public String credentials() {
    return "Name the file of the private key with ?keyPath=FILE";
  }

  @Override
  public Map<String, String> settings(ReplicaUrl url) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("host", url.host());
    String port = url.port();
    if (port != null) {
      settings.put("port", port);
    }
    String user = url.user();
    if (user == null) {
      throw new IllegalArgumentException(
          "it does not say as whom to log in, as sftp://USER@HOST/ does");
    }
    settings.put("user", user);
    settings.put("path", folder(url.path()));
    if (!url.keys().contains("keyPath") && !url.keys().contains("password")) {
      for (String key : USUAL_KEYS) {
        if (Files.isReadable(home.resolve(key))) {
          settings.put("keyPath", home.resolve(key).toString());
          break;
        }
      }
    }
    return settings;
  }

  /** As {@code curl} has it: absolute, except that {@code /~/} is the login directory. */
  private static String folder(String path) {
    if (path.equals("/~") || path.equals("/~/")) {
      return ".";
    }
    if (path.startsWith("/~/")) {
      return path.substring(1);
    }
    if (path.replace("/", "").isEmpty()) {
      throw new IllegalArgumentException(
          "it names no folder, as sftp://USER@HOST/backups/app does; /~/app is one in the login"
              + " directory");
    }
    return path;
  }
}
