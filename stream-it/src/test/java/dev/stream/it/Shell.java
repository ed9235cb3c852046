package dev.stream.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs commands to their end. */
public final class Shell {

  private Shell() {}

  /** What a command did. */
  public record Result(int exit, String output) {}

  /** Runs a command; its two outputs come together. */
  public static Result run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.onExit().orTimeout(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
      return new Result(process.exitValue(), output);
    } finally {
      end(process);
    }
  }

  /** Ends a process as {@code kill -9} does, and waits until it is gone. */
  public static void end(Process process) {
    process.destroyForcibly().onExit().join();
  }

  /** Runs a command that must succeed. */
  public static String expect(String... command) throws IOException {
    Result result = run(command);
    if (result.exit() != 0) {
      throw new AssertionError(
          String.join(" ", command) + " ended with " + result.exit() + ": " + result.output());
    }
    return result.output();
  }
}
