package dev.stream.spring;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The database that a JDBC URL means.
 *
 * @param type its type in Stream
 * @param path its file
 */
record DatabaseUrl(String type, Path path) {

  private static final String SQLITE = "jdbc:sqlite:";
  private static final String H2 = "jdbc:h2:";
  private static final String SCHEME = "stream:";

  /**
   * Reads a URL. What is refused is not shown: a URL may hold a password.
   *
   * @throws IllegalArgumentException if it names no file that can be replicated; a clause that goes
   *     on from the URL
   */
  static DatabaseUrl parse(String url) {
    try {
      if (url.startsWith(SQLITE)) {
        return new DatabaseUrl("sqlite", Path.of(sqliteFile(url.substring(SQLITE.length()))));
      }
      if (url.startsWith(H2)) {
        return new DatabaseUrl("h2", Path.of(h2File(url.substring(H2.length())) + ".mv.db"));
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("names no path of this system", e);
    }
    throw new IllegalArgumentException("is neither of SQLite (jdbc:sqlite:) nor of H2 (jdbc:h2:)");
  }

  private static String sqliteFile(String rest) {
    int query = rest.indexOf('?');
    String file = query < 0 ? rest : rest.substring(0, query);
    boolean inMemory = query >= 0 && rest.substring(query).contains("mode=memory");
    if (file.startsWith("file:")) {
      file = file.substring("file:".length());
      if (file.startsWith("//")) {
        int path = file.indexOf('/', 2);
        file = path < 0 ? "" : file.substring(path);
      }
      file = URLDecoder.decode(file.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
    if (inMemory || file.isBlank() || file.startsWith(":")) {
      throw new IllegalArgumentException("names a database that is not in a file");
    }
    return file;
  }

  private static String h2File(String rest) {
    int settings = rest.indexOf(';');
    String file = settings < 0 ? rest : rest.substring(0, settings);
    if (!file.startsWith(SCHEME)) {
      String start = file.toLowerCase(Locale.ROOT);
      if (start.startsWith("mem:") || start.startsWith("tcp:") || start.startsWith("ssl:")) {
        throw new IllegalArgumentException(
            "names a database that is not in a file of this process");
      }
      throw new IllegalArgumentException(
          "lacks \"stream:\", without which H2 writes past Stream; write"
              + " jdbc:h2:stream:FILE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
    }
    file = file.substring(SCHEME.length());
    return file.equals("~") || file.startsWith("~/")
        ? System.getProperty("user.home") + file.substring(1)
        : file;
  }
}
