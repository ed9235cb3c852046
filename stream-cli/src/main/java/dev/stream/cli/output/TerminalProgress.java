package dev.stream.cli.output;

import dev.stream.core.event.RestoreListener;
import dev.stream.core.event.RestorePhase;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A progress bar on standard error, if that is a terminal, which the launcher finds out. */
public final class TerminalProgress implements RestoreListener, AutoCloseable {

  private static final long LEAST_BYTES = 8 << 20;
  private static final int WIDTH = 79;

  private final boolean terminal = Boolean.getBoolean("stream.terminal");
  private @Nullable ProgressBar bar;
  private @Nullable RestorePhase phase;

  @Override
  public void onProgress(RestorePhase newPhase, long done, long total) {
    if (!terminal) {
      return;
    }
    if (newPhase != phase || done == 0) {
      finish();
      phase = newPhase;
      bar = total < LEAST_BYTES ? null : open(newPhase, total);
    }
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  private static ProgressBar open(RestorePhase phase, long total) {
    String task =
        switch (phase) {
          case LIST -> "listing";
          case FETCH -> "fetching";
          case PROVE -> "proving";
          case CHECK -> "checking";
          case MOVE -> "moving";
        };
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setUnit(" MiB", 1 << 20)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new ConsoleProgressBarConsumer(TerminalEscaping.TERMINAL, WIDTH))
        .build();
  }

  @Override
  public void onReplicaFailed(String replica, String problem) {
    // The result or the error of the command says it again.
    LoggerFactory.getLogger(TerminalProgress.class).info("replica {}: {}", replica, problem);
  }

  @Override
  public void onReplicaChosen(String replica, String reason) {
    LoggerFactory.getLogger(TerminalProgress.class).info("restoring from {}: {}", replica, reason);
  }

  @Override
  public void close() {
    finish();
  }

  /** Takes the bar away, so that something else can be printed. */
  public void finish() {
    ProgressBar open = bar;
    bar = null;
    if (open != null) {
      open.close();
    }
  }
}
