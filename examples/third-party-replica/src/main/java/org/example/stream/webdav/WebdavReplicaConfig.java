package org.example.stream.webdav;

import dev.stream.api.config.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a replica on a WebDAV server.
 *
 * @param url the collection, {@code http} or {@code https}; the one above it must exist when the
 *     first object is stored
 * @param user whom to log in as; null for nobody
 * @param password the user's password; null with no user
 */
public record WebdavReplicaConfig(
    String url, @Nullable String user, @Secret @Nullable String password) {

  /** Validates the keys; every message begins with the one that is wrong. */
  public WebdavReplicaConfig {
    // Configuration comes from outside the compiler's sight.
    if (url == null || url.isBlank()) {
      throw new IllegalArgumentException("url must name a collection, " + EXAMPLE);
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      // Its message would show the whole text, in which somebody may have put a password.
      throw new IllegalArgumentException("url is not a URL; " + EXAMPLE);
    }
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())
        || uri.getHost() == null) {
      throw new IllegalArgumentException("url must begin with http:// or https://, " + EXAMPLE);
    }
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "url must not hold a user or password; use the keys user and password");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("url must not have a part after ? or #");
    }
    if (!uri.normalize().equals(uri)) {
      throw new IllegalArgumentException("url must not have empty parts, . or .. in its path");
    }
    if (user != null && (user.isEmpty() || user.contains(":"))) {
      throw new IllegalArgumentException("user must not be empty, nor contain a colon");
    }
    if (user != null && password == null) {
      throw new IllegalArgumentException("password is missing, though there is a user");
    }
    if (user == null && password != null) {
      throw new IllegalArgumentException("user is missing, though there is a password");
    }
  }

  private static final String EXAMPLE = "such as \"https://dav.example.com/backups/app\"";

  /** The collection's URL with the slash at its end that collections have. */
  String root() {
    return url.endsWith("/") ? url : url + "/";
  }

  /** The text leaves the password out. */
  @Override
  public String toString() {
    return "WebdavReplicaConfig[url=" + url + ", user=" + user + "]";
  }
}
