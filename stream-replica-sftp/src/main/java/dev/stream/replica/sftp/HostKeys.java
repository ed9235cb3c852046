package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** Decides over the key that the server presents when one connection is made. */
final class HostKeys implements HostKeyVerifier {

  private static final List<String> TYPES =
      List.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "ssh-rsa");

  /** Keys of one type that sign in several ways. */
  private static final List<String> RSA_SIGNATURES = List.of("rsa-sha2-512", "rsa-sha2-256");

  private final SftpReplicaConfig config;
  private final Path file;
  private final @Nullable KnownHosts known;

  /** Types of the keys that were not the pinned one: a server may have one of each. */
  private final Set<String> refusedTypes = new LinkedHashSet<>();

  private volatile @Nullable ReplicaException refusal;
  private volatile boolean otherTypesLeft;

  private HostKeys(SftpReplicaConfig config, Path file, @Nullable KnownHosts known) {
    this.config = config;
    this.file = file;
    this.known = known;
  }

  /** Reads what is known by now. */
  static HostKeys read(SftpReplicaConfig config) throws ReplicaException {
    Path file =
        config.knownHosts() != null
            ? config.knownHosts()
            : Path.of(System.getProperty("user.home", ""), ".ssh", "known_hosts");
    boolean needed =
        config.hostKeyFingerprint() == null
            && config.hostKeyChecking() != HostKeyChecking.INSECURE_ACCEPT_ANY;
    return new HostKeys(config, file, needed ? readFile(file) : null);
  }

  /**
   * A missing file knows no host; the message about the unknown host then says that it is missing.
   */
  private static KnownHosts readFile(Path file) throws ReplicaException {
    try {
      // Comments may be in any encoding.
      return new KnownHosts(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return new KnownHosts(List.of());
    } catch (IOException e) {
      throw new ReplicaException(
          Reason.REJECTED,
          String.format(
              "cannot read the known hosts in %s (%s); make it readable, or set knownHosts or"
                  + " hostKeyFingerprint",
              file, e),
          e);
    }
  }

  @Override
  public boolean verify(String hostname, int port, PublicKey presented) {
    ServerKey key = ServerKey.of(presented);
    refusal = refusal(key);
    return refusal == null;
  }

  /** The types to ask the server for, most wanted first. */
  @Override
  public List<String> findExistingAlgorithms(String hostname, int port) {
    Stream<String> types =
        known != null
            ? known.keyTypes(config.server()).stream()
            : TYPES.stream().filter(type -> !refusedTypes.contains(type));
    return types
        .flatMap(type -> type.equals("ssh-rsa") ? RSA_SIGNATURES.stream() : Stream.of(type))
        .toList();
  }

  /** Why the last key was refused; null if none was. */
  @Nullable ReplicaException refusal() {
    return refusal;
  }

  /** Whether the server may have another key, which may be the right one. */
  boolean otherTypesLeft() {
    return otherTypesLeft;
  }

  private @Nullable ReplicaException refusal(ServerKey key) {
    String pinned = config.hostKeyFingerprint();
    if (pinned != null) {
      return pinnedRefusal(key, pinned);
    }
    if (known == null) {
      return null;
    }
    return switch (known.check(config.server(), key.type(), key.text())) {
      case KNOWN -> null;
      case UNKNOWN ->
          new ReplicaException(
              Reason.REJECTED,
              String.format(
                  "%s is not a known host: it presents the %s key %s, %s; if the server's"
                      + " administrator confirms this fingerprint, add the line '%s' to it, or set"
                      + " hostKeyFingerprint to \"%s\"",
                  config.address(),
                  key.type(),
                  key.fingerprint(),
                  lacking(),
                  line(key),
                  key.fingerprint()));
      case CHANGED -> {
        String oldKey = "'ssh-keygen -R \"" + config.server() + "\" -f " + file + "'";
        yield attack(
            String.format(
                "is not the one in %s, so this may be an attack; if the server's administrator"
                    + " confirms that it has a new key, remove the old one (%s) and add the line"
                    + " '%s'",
                file, oldKey, line(key)),
            key);
      }
      case REVOKED -> attack("is marked as revoked in " + file + ", so this may be an attack", key);
    };
  }

  private @Nullable ReplicaException pinnedRefusal(ServerKey key, String pinned) {
    String wanted = pinned.endsWith("=") ? pinned.substring(0, pinned.length() - 1) : pinned;
    if (key.fingerprint().equals(wanted)) {
      return null;
    }
    otherTypesLeft = refusedTypes.add(key.type());
    return attack(
        String.format(
            "does not have the configured hostKeyFingerprint %s, so this may be an attack; correct"
                + " hostKeyFingerprint only if the server's administrator confirms the new one",
            wanted),
        key);
  }

  private String lacking() {
    return Files.exists(file) ? "which " + file + " lacks" : "and there is no " + file;
  }

  private ReplicaException attack(String what, ServerKey key) {
    return new ReplicaException(
        Reason.ACCESS_DENIED,
        String.format(
            "refusing to talk to %s: the %s key %s that it presents %s",
            config.address(), key.type(), key.fingerprint(), what));
  }

  private String line(ServerKey key) {
    return config.server() + " " + key.type() + " " + key.text();
  }
}
