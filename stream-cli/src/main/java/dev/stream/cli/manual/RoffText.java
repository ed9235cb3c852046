package dev.stream.cli.manual;

/** Text in the language of {@code man}: requests, and lines in which nothing is a request. */
final class RoffText {

  private final StringBuilder text = new StringBuilder();

  /** A request with its arguments, such as a heading. */
  void request(String name, String... arguments) {
    text.append('.').append(name);
    for (String argument : arguments) {
      text.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
    }
    text.append('\n');
  }

  /** A line of running text. */
  void line(String line) {
    text.append(protectedStart(line)).append('\n');
  }

  /** A line in bold. */
  void bold(String line) {
    request("B", line);
  }

  /** A line that stands as it is, where lines are not filled; it may be empty. */
  void verbatim(String line) {
    text.append(line.isEmpty() ? "\\&" : protectedStart(line)).append('\n');
  }

  private static String protectedStart(String line) {
    String escaped = escaped(line);
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  /** A hyphen in a command has to stay one, so that it can be copied. */
  private static String escaped(String line) {
    return line.replace("\\", "\\e").replace("-", "\\-");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
