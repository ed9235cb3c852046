package dev.stream.replica.nats;

import dev.stream.api.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a replica in a bucket of a JetStream object store. At most one of {@code creds},
 * {@code nkey}, {@code token} and {@code user} says who we are.
 *
 * @param url the servers, separated by commas, as {@code nats://HOST:PORT} or {@code
 *     tls://HOST:PORT}; without credentials, which have their own keys
 * @param bucket the object store's name; it must exist
 * @param domain the JetStream domain that the bucket is in, if the servers are leaf nodes of it; by
 *     default that of the servers
 * @param prefix put before each key, with a slash; none by default
 * @param creds a credentials file, as {@code nsc} writes it
 * @param nkey a file with the seed of an nkey
 * @param token a token
 * @param user a user's name, with {@code password}
 * @param password that user's password
 * @param rootCAs a PEM file of the authorities that sign the servers' certificates; by default
 *     those that Java trusts. With it, TLS is used for {@code nats://} too.
 * @param clientCert a PEM file of the certificate that we show, with {@code clientKey}
 * @param clientKey a PEM file of its key, PKCS#8 without a passphrase
 * @param timeout how long to wait for the server to connect or to answer one request; 10 seconds by
 *     default
 */
public record NatsReplicaConfig(
    String url,
    String bucket,
    @Nullable String domain,
    @Nullable String prefix,
    @Nullable Path creds,
    @Nullable Path nkey,
    @Secret @Nullable String token,
    @Nullable String user,
    @Secret @Nullable String password,
    @Nullable Path rootCAs,
    @Nullable Path clientCert,
    @Nullable Path clientKey,
    @Nullable Duration timeout) {

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,200}");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9._=-]+");
  private static final int LONGEST_PREFIX = 512;

  /** Validates the keys, each by itself and together. */
  public NatsReplicaConfig {
    // Configuration comes from outside the compiler's sight.
    require(url != null && !url.isBlank(), "url must name a server, such as nats://HOST:4222");
    servers(url);
    require(
        bucket != null && NAME.matcher(bucket).matches(),
        "bucket must be 1 to 200 of the characters A-Z a-z 0-9 _ -");
    require(
        domain == null || NAME.matcher(domain).matches(),
        "domain must be 1 to 200 of the characters A-Z a-z 0-9 _ -");
    if (prefix != null) {
      prefix = withoutOuterSlashes(prefix);
      validatePrefix(prefix);
    }
    validateCredentials(creds, nkey, token, user, password);
    if (clientCert == null && clientKey != null) {
      throw new IllegalArgumentException("clientCert is missing; it goes with clientKey");
    }
    if (clientKey == null && clientCert != null) {
      throw new IllegalArgumentException("clientKey is missing; it goes with clientCert");
    }
    timeout = timeout == null ? DEFAULT_TIMEOUT : timeout;
    require(
        timeout.toMillis() > 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
        "timeout must be from 1 ms to 1 h");
  }

  /** A slash at the start or end counts for nothing, as with the other stores. */
  private static String withoutOuterSlashes(String prefix) {
    return prefix.replaceFirst("^/", "").replaceFirst("/$", "");
  }

  private static void validatePrefix(String prefix) {
    require(prefix.length() <= LONGEST_PREFIX, "prefix must have at most 512 characters");
    for (String part : prefix.split("/", -1)) {
      require(
          PART.matcher(part).matches() && !part.equals(".") && !part.equals(".."),
          "prefix must be parts of A-Z a-z 0-9 . _ = - with single slashes between them, such as"
              + " cluster-a/db");
    }
  }

  private static void validateCredentials(
      @Nullable Path creds,
      @Nullable Path nkey,
      @Nullable String token,
      @Nullable String user,
      @Nullable String password) {
    long given = Stream.of(creds, nkey, token, user).filter(Objects::nonNull).count();
    require(
        given <= 1,
        firstOf(creds, nkey)
            + " excludes other credentials: creds, nkey, token"
            + " and user with password are alternatives");
    require(token == null || !token.isEmpty(), "token must not be empty");
    require(user == null || !user.isEmpty(), "user must not be empty");
    require(user == null || password != null, "password is missing; it goes with user");
    require(password == null || user != null, "user is missing; it goes with password");
  }

  private static String firstOf(@Nullable Path creds, @Nullable Path nkey) {
    return creds != null ? "creds" : nkey != null ? "nkey" : "token";
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** The servers' addresses, each with its port. */
  List<String> servers() {
    return servers(url);
  }

  private static List<String> servers(String url) {
    return Arrays.stream(url.split(",", -1)).map(String::strip).map(Server::parse).toList();
  }

  boolean usesTls() {
    return rootCAs != null
        || clientCert != null
        || servers().stream().anyMatch(server -> server.startsWith("tls://"));
  }

  /** The time that is set, or the default. */
  Duration patience() {
    return timeout == null ? DEFAULT_TIMEOUT : timeout;
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return String.format(
        "NatsReplicaConfig[url=%s, bucket=%s, domain=%s, prefix=%s, creds=%s, nkey=%s, token=%s,"
            + " user=%s, password=%s, rootCAs=%s, clientCert=%s, clientKey=%s, timeout=%d ms]",
        url,
        bucket,
        domain,
        prefix,
        creds,
        nkey,
        mask(token),
        user,
        mask(password),
        rootCAs,
        clientCert,
        clientKey,
        patience().toMillis());
  }

  private static @Nullable String mask(@Nullable String secret) {
    return secret == null ? null : "***";
  }

  /** One address. */
  private static final class Server {

    private static final int DEFAULT_PORT = 4222;

    private static String parse(String address) {
      URI uri;
      try {
        uri = new URI(address.contains("://") ? address : "nats://" + address);
      } catch (URISyntaxException e) {
        // The exception's message would show what may hold a password.
        throw new IllegalArgumentException("url is not of the form nats://HOST:PORT");
      }
      require(
          uri.getRawUserInfo() == null && !address.contains("@"),
          "url must not hold credentials: write them as user and password, or as token, which are"
              + " never shown");
      String scheme = uri.getScheme();
      require(
          "nats".equals(scheme) || "tls".equals(scheme),
          "url must begin with nats:// or tls://; there is no other kind");
      require(
          uri.getHost() != null
              && uri.getRawPath().replace("/", "").isEmpty()
              && uri.getRawQuery() == null,
          "url is not of the form nats://HOST:PORT");
      int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
      return scheme + "://" + uri.getHost() + ":" + port;
    }
  }
}
