package dev.stream.cli.output;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Escapes characters that a terminal obeys instead of printing them. Names of objects and messages
 * of servers come from elsewhere, and could otherwise move the cursor or hide what was printed
 * before.
 */
public final class TerminalEscaping {

  /** Standard error without escaping, for the progress bar, which does move the cursor. */
  static final PrintStream TERMINAL = System.err;

  private TerminalEscaping() {}

  /** From now on log lines and errors on standard error are escaped. */
  public static void standardError() {
    System.setErr(new PlainStream(TERMINAL));
  }

  /** A writer of which control characters come out escaped, as {@code \\u001b}. */
  public static PrintWriter writer(PrintWriter target) {
    return new PrintWriter(new Escaping(target), false);
  }

  /** The text with control characters escaped; line feeds and tabs stay. */
  public static String text(CharSequence text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isObeyed(c)) {
        plain.append(String.format("\\u%04x", (int) c));
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  /** Control characters, and those that make a terminal write from right to left. */
  private static boolean isObeyed(char c) {
    return (Character.isISOControl(c) && c != '\n' && c != '\t')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  private static final class Escaping extends FilterWriter {

    Escaping(Writer target) {
      super(target);
    }

    @Override
    public void write(int c) throws IOException {
      out.write(text(String.valueOf((char) c)));
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      out.write(text(new String(text, offset, length)));
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
      out.write(text(text.substring(offset, offset + length)));
    }
  }

  /** Standard error for the logger, which prints whole lines. */
  private static final class PlainStream extends PrintStream {

    PlainStream(PrintStream target) {
      super(target, true);
    }

    @Override
    public void print(String text) {
      super.print(text == null ? null : text(text));
    }

    @Override
    public void println(String text) {
      super.println(text == null ? null : text(text));
    }

    @Override
    public void println(Object value) {
      super.println(text(String.valueOf(value)));
    }
  }
}
