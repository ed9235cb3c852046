package dev.stream.cli.replicate;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.process.SignalReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's command, which {@code stream replicate} runs beside the replication. It has the
 * standard input, output and error of this process, and gets the signals that this process gets.
 * Thread-safe.
 */
final class ExecutedCommand implements SignalReceiver {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutedCommand.class);

  /** The exit code of a shell for a command that does not exist. */
  private static final int NOT_FOUND = 127;

  private final List<String> words;
  private final Duration patience;
  private @Nullable Process process;
  private boolean passed;

  private ExecutedCommand(List<String> words, Duration patience) {
    this.words = List.copyOf(words);
    this.patience = patience;
  }

  /**
   * A command that the shell reads.
   *
   * @param patience how long it may take to end after a signal, before it is killed
   */
  static ExecutedCommand ofShell(String command, Duration patience) {
    return new ExecutedCommand(List.of("sh", "-c", command), patience);
  }

  /** A program and its arguments, as they are. */
  static ExecutedCommand of(List<String> words, Duration patience) {
    return new ExecutedCommand(words, patience);
  }

  /**
   * Starts the command.
   *
   * @param ended called once in another thread when the command has ended
   */
  synchronized void start(Runnable ended) throws CommandFailure {
    try {
      Process started = new ProcessBuilder(words).inheritIO().start();
      process = started;
      LOG.info("started {} as process {}", words.get(0), started.pid());
      CompletableFuture<?> unused = started.onExit().thenRun(ended);
    } catch (IOException e) {
      throw CommandFailure.asShell(
          NOT_FOUND,
          "cannot start "
              + words.get(0)
              + ": "
              + e.getMessage()
              + ". What was captured is on the replicas, or kept in the shadow directory");
    }
  }

  synchronized boolean isStarted() {
    return process != null;
  }

  /** Passes a signal on, and sees to it that the command ends in time. */
  @Override
  public synchronized boolean pass(String signal) {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return false;
    }
    if (signal.equals("TERM")) {
      running.destroy();
    } else if (!isInForeground()) {
      send(signal, running);
    }
    if (!passed) {
      passed = true;
      LOG.info("passed SIG{} on to process {}", signal, running.pid());
      CompletableFuture<?> unused =
          running
              .onExit()
              .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (same, failure) -> {
                    if (failure instanceof TimeoutException) {
                      LOG.warn(
                          "process {} has not ended {} after the signal and is killed",
                          running.pid(),
                          ValueFormat.duration(patience));
                      kill();
                    }
                  });
    }
    return true;
  }

  /** SIGTERM is the one signal that Java can send by itself. */
  private static void send(String signal, Process to) {
    try {
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + to.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(1, TimeUnit.SECONDS)) {
        kill.destroy();
      }
    } catch (IOException e) {
      to.destroy(); // There is no shell here.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Whether the terminal sends its signals to the command as well, as it does to all processes of
   * the group in the foreground. Many applications give up their orderly end at the second signal.
   */
  private static boolean isInForeground() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      // Behind the name in parentheses stand: state, parent, group, session, terminal, foreground
      // group of the terminal.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 7);
      return fields.length > 5 && fields[2].equals(fields[5]);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized void kill() {
    Process running = process;
    if (running != null) {
      running.descendants().forEach(ProcessHandle::destroyForcibly);
      running.destroyForcibly();
    }
  }

  /** Ends the command if it runs, within its patience. */
  void end() throws InterruptedException {
    if (pass("TERM")) {
      int unused = exitCode();
    }
  }

  /**
   * Waits until the command has ended; returns its exit code, which is 128 plus the number of the
   * signal if a signal killed it.
   */
  int exitCode() throws InterruptedException {
    Process running;
    synchronized (this) {
      running = process;
    }
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running.waitFor();
  }
}
