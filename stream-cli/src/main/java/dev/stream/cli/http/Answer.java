package dev.stream.cli.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a request gets.
 *
 * @param status the HTTP status
 * @param type the content's type
 * @param text the content
 * @param headers further headers
 */
record Answer(int status, String type, String text, Map<String, String> headers) {

  static final String PLAIN = "text/plain; charset=utf-8";
  static final String JSON = "application/json; charset=utf-8";
  static final String HTML = "text/html; charset=utf-8";

  Answer(int status, String type, String text) {
    this(status, type, text, Map.of());
  }

  /** A sentence for people. */
  static Answer plain(int status, String sentence) {
    return new Answer(status, PLAIN, sentence + "\n");
  }

  byte[] content() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
