package dev.stream.it.h2;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** All that could be observed, as text in which the folder and the scheme make no difference. */
final class Transcript {

  private final List<String> lines = new ArrayList<>();
  private final String folder;

  Transcript(Path folder) {
    this.folder = folder.toString();
  }

  synchronized void note(String text) {
    lines.add(
        text.replace("stream:", "")
            .replace(folder, "{dir}")
            // A password's salt and an object's identity are chance. The known difference: where
            // H2 has the channel name itself, that of the JDK gives its class, Stream's the file.
            .replaceAll("(SALT|HASH) '[0-9a-f]+'", "$1 '...'")
            .replaceAll("@[0-9a-f]{5,}", "@")
            .replaceAll("(Writing to|Reading from file) \\S+ failed", "$1 a channel failed"));
  }

  /** Notes what came of an action: its answer, or its error with all causes. */
  void attempt(String what, Callable<? extends @Nullable Object> action) {
    try {
      Object answer = action.call();
      note(what + (answer == null ? "" : " = " + answer));
    } catch (Exception | LinkageError e) {
      note(what + " failed");
      fail(e);
    }
  }

  void fail(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      note("  " + describe(cause));
    }
  }

  private static String describe(Throwable failure) {
    String text = failure.getClass().getName() + ": " + failure.getMessage();
    return failure instanceof java.sql.SQLException sql
        ? sql.getSQLState() + "/" + sql.getErrorCode() + " " + text
        : text;
  }

  /** Asserts that two runs were the same, saying where they first differ. */
  static void assertSame(String what, List<String> found, List<String> expected) {
    for (int i = 0; i < Math.max(found.size(), expected.size()); i++) {
      String one = i < found.size() ? found.get(i) : "the end";
      String other = i < expected.size() ? expected.get(i) : "the end";
      if (!one.equals(other)) {
        throw new AssertionError(
            "%s: found%n%s%ninstead of%n%s%nafter%n%s"
                .formatted(
                    what, one, other, String.join("\n", expected.subList(Math.max(0, i - 5), i))));
      }
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
