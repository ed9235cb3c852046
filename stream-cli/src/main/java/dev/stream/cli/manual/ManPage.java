package dev.stream.cli.manual;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** One command's manual page, in the language of {@code man}, from what its help says. */
public final class ManPage {

  /** Lines of a help text that stand as they are, such as examples, are indented. */
  private static final String INDENT = " ";

  private final RoffText text = new RoffText();
  private final CommandSpec command;
  private final UsageMessageSpec usage;

  private ManPage(CommandLine line) {
    this.command = line.getCommandSpec();
    this.usage = command.usageMessage();
  }

  /** The page's name, such as {@code stream-restore}. */
  public static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName("-");
  }

  /**
   * The page.
   *
   * @param version of Stream, for the foot of the page
   */
  public static String of(CommandLine line, String version) {
    return new ManPage(line).write(line, version);
  }

  private String write(CommandLine line, String version) {
    String name = name(line);
    text.request("TH", name.toUpperCase(Locale.ROOT), "1", "", "Stream " + version, "Stream");
    text.request("nh");
    text.request("ad l");
    section("NAME");
    text.line(name + " - " + summary());
    section("SYNOPSIS");
    text.bold(name.replace('-', ' '));
    text.line(synopsis(line));
    section("DESCRIPTION");
    paragraphs(usage.description());
    parameters();
    options();
    commands(line);
    exitCodes();
    examples();
    seeAlso(line);
    return text.toString();
  }

  /** The first sentence of the description. */
  private String summary() {
    String first = String.format(String.join(" ", usage.description()));
    int end = first.indexOf(". ");
    String sentence = (end < 0 ? first : first.substring(0, end)).strip();
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private String synopsis(CommandLine line) {
    String whole = line.getHelp().fullSynopsis().replaceFirst("^Usage:\\s*", "").strip();
    String name = command.qualifiedName(" ");
    return whole.substring(name.length()).replaceAll("\\s+", " ").strip();
  }

  private void section(String title) {
    text.request("SH", title);
  }

  private void paragraphs(String[] lines) {
    boolean first = true;
    for (String line : lines) {
      String plain = String.format(line);
      if (plain.isBlank()) {
        text.request("PP");
      } else {
        if (!first && plain.startsWith(INDENT)) {
          text.request("br");
        }
        text.line(plain.strip());
      }
      first = false;
    }
  }

  private void parameters() {
    List<PositionalParamSpec> visible =
        command.positionalParameters().stream().filter(one -> !one.hidden()).toList();
    if (!visible.isEmpty()) {
      section("PARAMETERS");
      visible.forEach(one -> entry(one.paramLabel(), one));
    }
  }

  private void options() {
    List<OptionSpec> visible =
        command.options().stream()
            .filter(one -> !one.hidden())
            .sorted(Comparator.comparingInt(OptionSpec::order))
            .toList();
    if (!visible.isEmpty()) {
      section("OPTIONS");
    }
    for (OptionSpec one : visible) {
      boolean optional = one.arity().min() == 0;
      String value = one.arity().max() == 0 ? "" : "=" + one.paramLabel();
      entry(
          String.join(", ", one.names())
              + (optional && !value.isEmpty() ? "[" + value + "]" : value),
          one);
    }
  }

  private void entry(String term, ArgSpec one) {
    text.request("TP");
    text.bold(term);
    paragraphs(one.description());
  }

  private void commands(CommandLine line) {
    if (!line.getSubcommands().isEmpty()) {
      section("COMMANDS");
    }
    line.getSubcommands()
        .forEach(
            (name, sub) -> {
              text.request("TP");
              text.bold(name(sub) + "(1)");
              text.line(new ManPage(sub).summary() + ".");
            });
  }

  private void exitCodes() {
    Map<String, String> codes = usage.exitCodeList();
    if (!codes.isEmpty()) {
      section("EXIT STATUS");
    }
    codes.forEach(
        (code, meaning) -> {
          text.request("TP");
          text.bold(code);
          text.line(meaning);
        });
  }

  private void examples() {
    if (usage.footer().length > 0) {
      section("EXAMPLES");
      text.request("nf");
      for (String line : usage.footer()) {
        text.verbatim(String.format(line));
      }
      text.request("fi");
    }
  }

  private void seeAlso(CommandLine line) {
    CommandLine parent = line.getParent();
    if (parent != null) {
      section("SEE ALSO");
      text.bold(name(parent) + "(1)");
    }
  }
}
