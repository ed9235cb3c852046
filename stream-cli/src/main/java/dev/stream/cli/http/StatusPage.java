package dev.stream.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * The page for people: one file, with its style and its script in it. The browser is told to run
 * just these two, and to ask nobody but this server.
 */
final class StatusPage {

  private static final String RESOURCE = "page.html";

  private final Answer answer;

  private StatusPage(Answer answer) {
    this.answer = answer;
  }

  static StatusPage load() {
    try (InputStream stream = StatusPage.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(
            "the installation is not whole: " + RESOURCE + " is missing");
      }
      String html = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      String policy =
          "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'; style-src "
              + hash(html, "style")
              + "; script-src "
              + hash(html, "script");
      return new StatusPage(
          new Answer(200, Answer.HTML, html, Map.of("Content-Security-Policy", policy)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Answer answer() {
    return answer;
  }

  /** What the browser compares with what stands in an element. */
  private static String hash(String html, String element) {
    int begin = html.indexOf("<" + element + ">") + element.length() + 2;
    int end = html.indexOf("</" + element + ">", begin);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(html.substring(begin, end).getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
