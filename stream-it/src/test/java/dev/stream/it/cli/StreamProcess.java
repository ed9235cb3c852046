package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A {@code bin/stream} of the distribution that was built, as a process. */
public final class StreamProcess implements AutoCloseable {

  private static final long SECONDS = 60;

  /** How a process ended. */
  public record Result(int exit, String out, String err) {}

  private final Process process;
  private final Path out;
  private final Path err;

  private StreamProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  public static Path distribution() {
    String folder = System.getProperty("stream.distribution");
    if (folder == null) {
      throw new IllegalStateException("set the system property stream.distribution");
    }
    return Path.of(folder).toAbsolutePath().normalize();
  }

  /** The modules of the JDK that are in the distribution with a Java of its own. */
  public static Set<String> modulesOfRuntime() throws IOException {
    Properties release = new Properties();
    try (InputStream in = Files.newInputStream(distribution().resolveSibling("runtime/release"))) {
      release.load(in);
    }
    return Set.of(release.getProperty("MODULES").replace("\"", "").split(" "));
  }

  public static StreamProcess start(String... args) throws IOException {
    return start(List.of(), Map.of(), distribution().resolve("bin/stream"), args);
  }

  /** Starts it as an unprivileged user: root may read and write everything. */
  static StreamProcess startAsNobody(String... args) throws IOException {
    List<String> setpriv = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    return start(setpriv, Map.of(), distribution().resolve("bin/stream"), args);
  }

  public static StreamProcess start(
      List<String> prefix, Map<String, String> environment, Path launcher, String... args)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(launcher.toString());
    command.addAll(List.of(args));
    Path out = Files.createTempFile("stream-it-", ".out");
    Path err = Files.createTempFile("stream-it-", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new StreamProcess(builder.start(), out, err);
  }

  public static Result run(String... args) throws Exception {
    try (StreamProcess process = start(args)) {
      return process.await();
    }
  }

  public Result await() throws Exception {
    return await(SECONDS);
  }

  private Result await(long seconds) throws Exception {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + seconds + " s:\n" + err());
    }
    return new Result(process.exitValue(), Files.readString(out), err());
  }

  /**
   * Waits for one that takes its time, and looks at its memory meanwhile.
   *
   * @param mostMemory how many bytes of it may be in memory, of whatever kind they are
   */
  Result awaitWithin(long mostMemory, long seconds) throws Exception {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!process.waitFor(50, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
      assertThat(peakMemory(status)).as("bytes in memory").isLessThanOrEqualTo(mostMemory);
    }
    return await(0);
  }

  /** What the system says was the most so far; 0 if it says nothing, or the process has ended. */
  private static long peakMemory(Path status) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  public String err() throws IOException {
    return Files.readString(err);
  }

  public StreamProcess awaitReady() throws Exception {
    return awaitLine("ready");
  }

  /** Waits for a line on standard error that contains a text. */
  public StreamProcess awaitLine(String text) throws Exception {
    await(
        "'" + text + "' on standard error", () -> lines().stream().anyMatch(l -> l.contains(text)));
    return this;
  }

  /** What it has printed so far. */
  String out() {
    try {
      return Files.readString(out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  long pid() {
    return process.pid();
  }

  private List<String> lines() {
    try {
      if (!process.isAlive() && !err().contains("ready")) {
        throw new AssertionError("ended with " + process.exitValue() + ":\n" + err());
      }
      return Files.readAllLines(err);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGTERM, and what came of it. */
  public Result terminate() throws Exception {
    process.destroy();
    return await();
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  public static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(out);
    Files.deleteIfExists(err);
  }
}
