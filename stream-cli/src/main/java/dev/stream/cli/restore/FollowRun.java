package dev.stream.cli.restore;

import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.LogSettings;
import dev.stream.cli.output.TerminalProgress;
import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.process.StopSignal;
import dev.stream.core.follow.FollowListener;
import dev.stream.core.follow.FollowStatus;
import dev.stream.core.follow.Follower;
import dev.stream.core.follow.FollowerBuilder;
import dev.stream.core.plugin.PluginRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@code stream restore --follow}, which ends when a signal comes. For use once. */
final class FollowRun implements FollowListener {

  private static final Logger LOG = LoggerFactory.getLogger(FollowRun.class);
  private static final long LINE_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final PrintWriter err;
  private final TerminalProgress progress = new TerminalProgress();
  private @Nullable FollowStatus last;
  private long lineAt;

  FollowRun(PrintWriter err) {
    this.err = err;
  }

  /**
   * Follows until a signal comes.
   *
   * @return the state of the copy at the end; null if nothing was restored
   */
  @Nullable FollowStatus run(
      Path copy,
      ReplicaOptions.Chosen chosen,
      PluginRegistry plugins,
      boolean force,
      Duration interval)
      throws IOException {
    FollowerBuilder builder =
        Follower.builder(copy, plugins)
            .configured(chosen.config())
            .replicas(chosen.replicas())
            .force(force)
            .interval(interval)
            .progress(progress)
            .listener(this);
    StopSignal stop = StopSignal.install();
    stop.interrupts(Thread.currentThread());
    try (progress;
        Follower follower = builder.build()) {
      follower.run();
    } finally {
      stop.interruptsNobody();
    }
    return last;
  }

  @Override
  public void onCurrent(FollowStatus status) {
    boolean first = last == null;
    last = status;
    if (first) {
      progress.finish();
      LogSettings.tell(err, "ready");
    }
    long now = System.nanoTime();
    if (first || now - lineAt >= LINE_EVERY_NANOS) {
      lineAt = now;
      LOG.info(
          "{} is at transaction {}, committed {}; {} changes so far",
          status.path(),
          status.txId(),
          ValueFormat.time(status.committedAt()),
          status.changes());
    }
  }

  static String text(FollowStatus status) {
    return "stopped following: %s is at transaction %d of generation %s, committed %s; %s, %s"
        .formatted(
            status.path(),
            status.txId(),
            status.generation(),
            ValueFormat.time(status.committedAt()),
            ValueFormat.count(status.changes(), "change"),
            ValueFormat.bytes(status.bytesFetched()) + " fetched");
  }

  static JsonObject document(FollowStatus status) {
    return new JsonObject()
        .with("path", status.path().toString())
        .with("replica", status.replica())
        .with("generation", status.generation().value())
        .with("txId", status.txId())
        .with("committedAt", ValueFormat.iso(status.committedAt()))
        .with("checksum", ValueFormat.checksum(status.checksum()))
        .with("changes", status.changes())
        .with("reseeds", status.reseeds())
        .with("bytesFetched", status.bytesFetched());
  }
}
