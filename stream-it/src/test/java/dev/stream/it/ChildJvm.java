package dev.stream.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A class or a jar that runs in a virtual machine of its own. For one thread. */
public final class ChildJvm implements AutoCloseable {

  private final Process process;
  private final Writer input;
  private final Line line;

  private ChildJvm(String name, Process process) {
    this.process = process;
    this.input = process.outputWriter();
    this.line = new Line(name + " " + process.pid(), process);
  }

  /** Starts a main class; quick to start rather than quick to run unless told otherwise. */
  public static ChildJvm start(Class<?> main, List<String> options, Object... arguments)
      throws IOException {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of("-cp", classPath(), main.getName()));
    return start(main.getSimpleName(), all, Path.of(""), arguments);
  }

  /** Starts an executable jar that works in a folder. */
  public static ChildJvm startJar(Path jar, Path folder, Object... arguments) throws IOException {
    List<String> options = List.of("-jar", jar.toAbsolutePath().toString());
    return start(jar.getFileName().toString(), options, folder, arguments);
  }

  private static ChildJvm start(String name, List<String> options, Path folder, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .start();
    return new ChildJvm(name, process);
  }

  /**
   * The class path of these tests; a test runner may hide it behind a jar that only refers to it.
   */
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  public void say(String command) {
    try {
      input.write(command + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines up to one that begins so, which is the last. */
  public List<String> hear(String beginning) throws InterruptedException {
    return hear(said -> said.startsWith(beginning), beginning);
  }

  List<String> hear(Predicate<String> wanted, String what) throws InterruptedException {
    return line.until(wanted, what);
  }

  /** The rest of the first line that begins so, now or later. */
  public String answer(String beginning) throws InterruptedException {
    return answer(beginning, Await.PATIENCE);
  }

  /** Like {@link #answer(String)}, from a process that may take longer than others to say it. */
  public String answer(String beginning, Duration patience) throws InterruptedException {
    List<String> heard = line.until(said -> said.startsWith(beginning), beginning, patience);
    return heard.get(heard.size() - 1).substring(beginning.length()).strip();
  }

  public List<String> said() {
    return line.all();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Freezes it, as a machine that is paused, until {@link #wake}. */
  public void freeze() throws IOException {
    Shell.expect("kill", "-STOP", String.valueOf(process.pid()));
  }

  /** Lets it go on. */
  public void wake() throws IOException {
    Shell.expect("kill", "-CONT", String.valueOf(process.pid()));
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    Shell.end(process);
  }

  /** Asks it to end, as SIGTERM does. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end and returns its exit status. */
  public int await() throws InterruptedException {
    if (!process.waitFor(5 * Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("does not end: " + said());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
