package dev.stream.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.output.Json;
import dev.stream.core.run.RunningStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The demo's {@code stream replicate} process. */
final class DemoStream {

  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final Path shadow;

  private DemoStream(Process process, Path log, Path shadow) {
    this.process = process;
    this.log = log;
    this.shadow = shadow;
  }

  static DemoStream start(Path folder, Path database, Path backup, Path shadow) throws IOException {
    Path log = folder.resolve("replicate.log");
    Process process =
        new ProcessBuilder(
                Launcher.command(
                    "replicate",
                    database.toString(),
                    backup.toString(),
                    "--shadow",
                    shadow.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stream-demo-stop"));
    return new DemoStream(process, log, shadow);
  }

  long pid() {
    return process.pid();
  }

  void awaitReady() throws IOException, InterruptedException, CommandFailure {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.readAllLines(log).contains("ready")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw CommandFailure.failed("'stream replicate' did not start:\n" + Files.readString(log));
      }
      Thread.sleep(20);
    }
  }

  /** The status that the process reports itself; an empty object before its first report. */
  JsonNode status() throws IOException {
    JsonNode status = Json.tree(RunningStream.of(shadow).json());
    return status == null ? Json.mapper().createObjectNode() : status;
  }

  /** Waits until all that the process has captured is in the replica; returns whether it is. */
  boolean awaitCaughtUp(long seconds) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long deadline = start + TimeUnit.SECONDS.toNanos(seconds);
    // The status may be a second old, and would then not include the last commits.
    long earliest = start + TimeUnit.MILLISECONDS.toNanos(1500);
    while (System.nanoTime() < deadline && process.isAlive()) {
      JsonNode status = status();
      JsonNode replica = status.path("replicas").path(0);
      if (System.nanoTime() >= earliest
          && status.path("dataLossWindowMillis").asLong(-1) == 0
          && replica.path("txId").asLong(-2) == status.path("txId").asLong(-1)) {
        return true;
      }
      Thread.sleep(100);
    }
    return false;
  }

  /** Asks the process to stop; returns its exit code. */
  int stop() throws InterruptedException, IOException, CommandFailure {
    process.destroy(); // SIGTERM
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw CommandFailure.failed("'stream replicate' did not stop:\n" + Files.readString(log));
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }
}
