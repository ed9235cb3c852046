package dev.stream.core.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of a URL, cut into its parts. Not {@code java.net.URI}, which knows no bucket with an
 * underscore, no list of servers and no {@code ${NAME}}.
 *
 * @param scheme in lower case
 * @param userInfo what stands before {@code @}, as it is written; null if nothing does
 * @param authority what follows it, up to the path
 * @param path the rest up to the query
 * @param query the query's values by key, in its order
 */
record UrlText(
    String scheme,
    @Nullable String userInfo,
    String authority,
    String path,
    Map<String, List<String>> query) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<authority>[^/?#]*)(?<path>[^?#]*)"
              + "(?:\\?(?<query>[^#]*))?(?<fragment>#.*)?",
          Pattern.DOTALL);
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})?");

  /** Whether a text is meant as a URL, rather than as the name of a file or folder. */
  static boolean isUrl(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * Takes a URL apart.
   *
   * @throws IllegalArgumentException saying what is wrong, without a word of the URL
   */
  static UrlText parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("is not of the form TYPE://PLACE?key=value");
    }
    if (form.group("fragment") != null) {
      throw new IllegalArgumentException("has a #, which means nothing here; write %23 for a #");
    }
    String authority = form.group("authority");
    int at = authority.lastIndexOf('@');
    return new UrlText(
        form.group("scheme").toLowerCase(Locale.ROOT),
        at < 0 ? null : authority.substring(0, at),
        decoded(authority.substring(at + 1)),
        decoded(form.group("path")),
        query(form.group("query")));
  }

  /** Whether a password stands in it, which is not looked at any further. */
  boolean holdsPassword() {
    return userInfo != null && userInfo.replace("%3a", ":").replace("%3A", ":").contains(":");
  }

  /** Who is named before {@code @}; null if nobody is. */
  @Nullable String user() {
    return userInfo == null ? null : decoded(userInfo);
  }

  private static Map<String, List<String>> query(@Nullable String text) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    if (text == null || text.isEmpty()) {
      return values;
    }
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "has something after the ? that is not of the form key=value; write %26 for a & in a"
                + " value, and put the URL in quotes");
      }
      values
          .computeIfAbsent(decoded(pair.substring(0, equals)), key -> new ArrayList<>())
          .add(decoded(pair.substring(equals + 1)));
    }
    return values;
  }

  /** Plus signs stay as they are: they occur in fingerprints, and forms are not meant here. */
  private static String decoded(String text) {
    StringBuilder plain = new StringBuilder();
    Matcher escape = ESCAPE.matcher(text);
    int from = 0;
    while (escape.find(from)) {
      plain.append(text, from, escape.start());
      List<Byte> bytes = new ArrayList<>();
      int end = escape.start();
      do {
        if (escape.group(1) == null) {
          throw new IllegalArgumentException(
              "has a % that is not followed by two hexadecimal digits; write %25 for a %");
        }
        bytes.add((byte) Integer.parseInt(escape.group(1), 16));
        end = escape.end();
      } while (escape.find() && escape.start() == end);
      plain.append(characters(bytes));
      from = end;
    }
    plain.append(text, from, text.length());
    if (plain.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("has a control character in it");
    }
    return plain.toString();
  }

  private static String characters(List<Byte> bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes.size());
    bytes.forEach(buffer::put);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(buffer.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("has bytes behind % that are not text in UTF-8");
    }
  }

  /** Names the kind of URL alone: the rest may hold what nobody should read. */
  @Override
  public String toString() {
    return "the " + scheme + ":// URL";
  }
}
