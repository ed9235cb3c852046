package dev.stream.replica.s3;

import java.util.Locale;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Reads what people write as an endpoint. */
final class EndpointAddress {

  private EndpointAddress() {}

  /** The URL that is meant, or null if the text is none. */
  static @Nullable HttpUrl parse(String endpoint, boolean insecure) {
    String text = endpoint.strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
      if (text.isEmpty() || text.contains("://")) {
        return null;
      }
      text = (insecure ? "http://" : "https://") + text;
    }
    return HttpUrl.parse(text);
  }

  /** Such as {@code [::1]:9000}; without the port if it is the usual one of the scheme. */
  static String hostAndPort(HttpUrl url) {
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
    return host + (usual ? "" : ":" + url.port());
  }

  static String withoutOuterSlashes(String prefix) {
    int from = prefix.startsWith("/") ? 1 : 0;
    int to = prefix.length() - (prefix.length() > from && prefix.endsWith("/") ? 1 : 0);
    return prefix.substring(from, to);
  }
}
