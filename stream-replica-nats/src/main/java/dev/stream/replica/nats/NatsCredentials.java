package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who we are, from a credentials file or an nkey's seed. The file is read when a connection is made
 * and once more by every reconnection, so that it may be replaced meanwhile.
 */
final class NatsCredentials implements AuthHandler {

  private static final Pattern JWT =
      Pattern.compile("-+BEGIN NATS USER JWT-+\\s+(\\S+)\\s+-+END NATS USER JWT-+");
  private static final Pattern SEED =
      Pattern.compile("-+BEGIN USER NKEY SEED-+\\s+(\\S+)\\s+-+END USER NKEY SEED-+");
  private static final Pattern BARE_SEED = Pattern.compile("(?m)^(SU[A-Z2-7]{56})\\s*$");

  private final String key;
  private final Path file;

  private NatsCredentials(String key, Path file) {
    this.key = key;
    this.file = file;
  }

  /** The content of a file. */
  private record Identity(@Nullable String jwt, NKey nkey) {}

  static NatsCredentials ofCredsFile(Path file) throws ReplicaException {
    return new NatsCredentials("creds", file).checked();
  }

  static NatsCredentials ofSeedFile(Path file) throws ReplicaException {
    return new NatsCredentials("nkey", file).checked();
  }

  private NatsCredentials checked() throws ReplicaException {
    read().nkey().clear();
    return this;
  }

  private Identity read() throws ReplicaException {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw malformed();
    } catch (IOException e) {
      throw new ReplicaException(
          Reason.REJECTED,
          key + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")",
          e);
    }
    boolean creds = key.equals("creds");
    Matcher jwt = JWT.matcher(text);
    Matcher seed = (creds ? SEED : BARE_SEED).matcher(text);
    if (!seed.find() || (creds && !jwt.find())) {
      throw malformed();
    }
    try {
      return new Identity(creds ? jwt.group(1) : null, NKey.fromSeed(seed.group(1).toCharArray()));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  /** The failure has no cause, because that might quote the file. */
  private ReplicaException malformed() {
    return new ReplicaException(
        Reason.REJECTED,
        key
            + ": "
            + file
            + (key.equals("creds")
                ? " is no credentials file of a user, as nsc writes it"
                : " holds no seed of a user's nkey, which begins with SU"));
  }

  @Override
  public byte[] sign(byte[] nonce) {
    NKey nkey = identity().nkey();
    try {
      return nkey.sign(nonce);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(key + ": cannot sign with the key in " + file, e);
    } finally {
      nkey.clear();
    }
  }

  @Override
  public char[] getID() {
    NKey nkey = identity().nkey();
    try {
      return nkey.getPublicKey();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(key + ": cannot use the key in " + file, e);
    } finally {
      nkey.clear();
    }
  }

  @Override
  public char @Nullable [] getJWT() {
    Identity identity = identity();
    identity.nkey().clear();
    String jwt = identity.jwt();
    return jwt == null ? null : jwt.toCharArray();
  }

  private Identity identity() {
    try {
      return read();
    } catch (ReplicaException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
