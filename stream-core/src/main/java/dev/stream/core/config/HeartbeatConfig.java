package dev.stream.core.config;

import dev.stream.api.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/**
 * An address that is called after every interval in which all replicas were current: whoever
 * watches it raises an alarm when the calls stop, also if this machine is gone.
 *
 * @param url an {@code http} or {@code https} URL; a secret, since whoever knows it can call it
 * @param interval how often
 */
public record HeartbeatConfig(@Secret String url, Duration interval) {

  static final Duration INTERVAL = Duration.ofMinutes(1);

  /**
   * Validates.
   *
   * @throws IllegalArgumentException with a message that starts with the key and does not show the
   *     URL
   */
  public HeartbeatConfig {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("url is no URL; see for blanks and brackets in it");
    }
    boolean web =
        "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
    if (!web || uri.getHost() == null) {
      throw new IllegalArgumentException("url must begin with https:// or http:// and a host");
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "url has a user or password, which is not sent; use a URL with a secret path");
    }
    Durations.requirePositive("interval", interval);
  }

  /** Called each minute. */
  public HeartbeatConfig(String url) {
    this(url, INTERVAL);
  }

  /** Without the URL. */
  @Override
  public String toString() {
    return "HeartbeatConfig[url=***, interval=" + interval + "]";
  }
}
