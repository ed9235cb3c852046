package dev.stream.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command run inside the test's JVM. */
public record Invocation(int exit, String out, String err) {

  public static Invocation of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = StreamCommand.commandLine(args);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    line.getSubcommands()
        .values()
        .forEach(
            sub -> {
              sub.setOut(line.getOut());
              sub.setErr(line.getErr());
            });
    return new Invocation(line.execute(args), out.toString(), err.toString());
  }
}
