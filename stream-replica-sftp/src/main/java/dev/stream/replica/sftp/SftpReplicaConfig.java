package dev.stream.replica.sftp;

import dev.stream.api.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a replica on an SFTP server. At least one of {@code password} and {@code
 * keyPath} must be given; with both, the key is tried first. An SSH agent cannot be used.
 *
 * @param host name or address of the server
 * @param port its port; 22 if null
 * @param user who to log in as
 * @param password the user's password
 * @param keyPath file of the user's private key: OpenSSH, PEM (PKCS#1, SEC 1), PKCS#8 or PuTTY
 * @param passphrase opens the private key, if it is encrypted
 * @param path the folder; a relative one, or one after {@code ~/}, begins at the login directory.
 *     What is missing of it is created when the first object is stored
 * @param knownHosts file of the server keys to trust, in OpenSSH's format; {@code
 *     ~/.ssh/known_hosts} if null
 * @param hostKeyFingerprint the fingerprint of the one server key to trust, {@code SHA256:…} as
 *     {@code ssh-keygen -l} prints it; used instead of {@code knownHosts}
 * @param hostKeyChecking {@link HostKeyChecking#STRICT} if null
 * @param timeout how long a connection may take to be made, and the server may be silent; 30
 *     seconds if null
 */
public record SftpReplicaConfig(
    String host,
    @Nullable Integer port,
    String user,
    @Secret @Nullable String password,
    @Nullable Path keyPath,
    @Secret @Nullable String passphrase,
    String path,
    @Nullable Path knownHosts,
    @Nullable String hostKeyFingerprint,
    @Nullable HostKeyChecking hostKeyChecking,
    @Nullable Duration timeout) {

  private static final int SSH_PORT = 22;
  private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]+");
  private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");

  /** Validates every key, and those that depend on each other. */
  public SftpReplicaConfig {
    // Configuration comes from outside the compiler's sight.
    require(
        host != null && HOST.matcher(host).matches(),
        "host must be the name or address of a server, such as \"backup.example.com\","
            + " without scheme, user and port");
    require(port == null || (port > 0 && port < 65_536), "port must be from 1 to 65535");
    require(isLine(user), "user must name the user to log in as");
    require(
        password != null || keyPath != null,
        "keyPath or password must be given (an SSH agent is not supported)");
    require(password == null || !password.isEmpty(), "password must not be empty");
    require(passphrase == null || keyPath != null, "passphrase needs keyPath, the key it opens");
    require(passphrase == null || !passphrase.isEmpty(), "passphrase must not be empty");
    require(
        isLine(path),
        "path must name a folder on the server, such as \"backups/db\"; \".\" is the login"
            + " directory");
    require(
        hostKeyFingerprint == null || FINGERPRINT.matcher(hostKeyFingerprint).matches(),
        "hostKeyFingerprint must be \"SHA256:\" and 43 characters, as 'ssh-keygen -l' prints it");
    require(
        hostKeyFingerprint == null || knownHosts == null,
        "hostKeyFingerprint and knownHosts exclude each other; remove one");
    require(
        hostKeyChecking != HostKeyChecking.INSECURE_ACCEPT_ANY
            || (hostKeyFingerprint == null && knownHosts == null),
        "hostKeyChecking \"insecure-accept-any\" would ignore hostKeyFingerprint and knownHosts;"
            + " remove it, or them");
    require(
        timeout == null
            || (timeout.compareTo(SHORTEST_TIMEOUT) >= 0
                && timeout.compareTo(LONGEST_TIMEOUT) <= 0),
        "timeout must be from 2s to 1h");
  }

  private static void require(boolean sound, String otherwise) {
    if (!sound) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static boolean isLine(String text) {
    return text != null && !text.isBlank() && text.chars().noneMatch(Character::isISOControl);
  }

  int portOrUsual() {
    return port == null ? SSH_PORT : port;
  }

  Duration timeoutOrUsual() {
    return timeout == null ? USUAL_TIMEOUT : timeout;
  }

  /** The server and its port for a message, such as {@code [::1]:22}. */
  String address() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + portOrUsual();
  }

  /** The server for a name, with its port unless that is the usual one. */
  String shown() {
    return portOrUsual() == SSH_PORT && host.contains(":") ? "[" + host + "]" : server();
  }

  /** The server as OpenSSH writes it in {@code known_hosts}. */
  String server() {
    return portOrUsual() == SSH_PORT ? host : "[" + host + "]:" + portOrUsual();
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "SftpReplicaConfig[host=%s, port=%d, user=%s%s%s%s, path=%s%s%s%s, timeout=%d s]"
        .formatted(
            host,
            portOrUsual(),
            user,
            shown("password", password == null ? null : "***"),
            shown("keyPath", keyPath),
            shown("passphrase", passphrase == null ? null : "***"),
            path,
            shown("knownHosts", knownHosts),
            shown("hostKeyFingerprint", hostKeyFingerprint),
            shown("hostKeyChecking", hostKeyChecking),
            timeoutOrUsual().toSeconds());
  }

  private static String shown(String key, @Nullable Object value) {
    return value == null ? "" : ", " + key + "=" + value;
  }
}
