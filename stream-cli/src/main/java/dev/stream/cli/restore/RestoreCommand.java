package dev.stream.cli.restore;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.TerminalProgress;
import dev.stream.cli.process.DatabaseFileLock;
import dev.stream.cli.process.StopSignal;
import dev.stream.core.config.ConfigException;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.follow.FollowStatus;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.restore.RestorePreview;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream restore}. */
@Command(
    name = "restore",
    description = {
      "Restores a database file, and proves that it is right before it appears under its name.",
      "",
      "Of several replicas the one with the newest state is used, or, if a moment was asked for,"
          + " the one with the state nearest to it. If it fails, the next one is used."
          + " Every artefact is checked, the whole file is compared with the database checksum"
          + " that capture has carried along, and the database's own check is run. If anything"
          + " fails, PATH stays as it was. A complaint of the quick check is a note and no failure:"
          + " the file is proven by then, so the database was like that when it was captured, or"
          + " cannot be checked here."
    },
    footer = {
      "  stream restore --config stream.json --output app.db",
      "  stream restore --config stream.json --replica offsite --output app.db --force",
      "  stream restore --config stream.json --output app.db --delta",
      "  stream restore --config stream.json --output copy.db --follow",
      "  stream restore --from /backups --output /tmp/drill.db --thorough",
      "  stream restore --from /backups --output app.db --tx 4711",
      "  stream restore --config stream.json --if-missing --if-backup",
      "      before an application starts: restores its database if it is gone",
      "  stream restore --config stream.json --output app.db --dry-run",
      "",
      "To go back to the minute before a mistake, restore beside the database first:",
      "  stream list    --config stream.json --at -10m",
      "  stream restore --config stream.json --output before.db --timestamp -10m",
      "  stream restore --config stream.json --output before.db \\",
      "      --timestamp 2026-05-01T12:00:00Z"
    })
public final class RestoreCommand extends ReportCommand {

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description =
          "The file to restore to. If it is not given, it is the configuration's"
              + " restore.targetPath. Without both, nothing is restored: the database's own path is"
              + " used only if it is named.")
  private @Nullable Path output;

  @Option(
      names = "--force",
      description =
          "Replace an existing PATH once the restored file is proven, and remove what an earlier"
              + " database left beside it. This is refused while somebody has PATH open.")
  private boolean force;

  @Option(
      names = "--delta",
      description =
          "Read from an existing PATH the blocks that are still the same, and fetch only the"
              + " others. PATH may be any older copy, or damaged; it is replaced as with --force.")
  private boolean delta;

  @Mixin private RestoreStateOptions wanted = new RestoreStateOptions();

  @Mixin private RestoreConditions conditions = new RestoreConditions();

  @Mixin private FollowOptions following = new FollowOptions();

  @Option(
      names = "--thorough",
      description =
          "Also read the file back, run the part of the database's own check that takes long (SQLite:"
              + " integrity_check; H2: all pages of a copy), and fail if it complains.")
  private boolean thorough;

  @Option(
      names = "--no-check",
      description =
          "Leave out the database's own check. The file is still proven to be what was captured;"
              + " whether the database accepts it is not checked.")
  private boolean unchecked;

  @Override
  protected String logLevel() {
    return following.follow() ? "info" : super.logLevel();
  }

  @Override
  protected int run() throws Exception {
    if (thorough && unchecked) {
      throw CommandFailure.usage("--no-check leaves out what --thorough extends; give one of them");
    }
    conditions.require(force || delta);
    RestoreTarget state = wanted.target(Instant.now());
    boolean follows =
        following.wanted(
            delta
                || thorough
                || unchecked
                || conditions.any()
                || !state.equals(RestoreTarget.NEWEST));
    PluginRegistry plugins = PluginRegistry.discover();
    ReplicaOptions.Chosen chosen = source.choose(plugins);
    Path target = target(chosen.config());
    if (follows) {
      return follow(target, chosen, plugins);
    }
    if (conditions.onlyIfMissing() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return nothing(target, "it exists", "and is left as it is; nothing was restored");
    }
    try {
      if (conditions.dryRun()) {
        preview(restorer(target, state, chosen, plugins, RestoreListener.SILENT));
      } else {
        restore(target, state, chosen, plugins);
      }
      return ExitCode.DONE;
    } catch (RestoreException e) {
      if (conditions.onlyIfBackup() && e.reason() == RestoreException.Reason.NOTHING_THERE) {
        return nothing(target, "no replica has anything", "to restore it from yet");
      }
      throw e;
    }
  }

  private void preview(Restorer restorer) throws RestoreException {
    RestorePreview preview = restorer.preview();
    if (json) {
      print(RestoreReport.document(preview));
    } else {
      RestoreReport.show(preview, out());
    }
  }

  private void restore(
      Path target, RestoreTarget state, ReplicaOptions.Chosen chosen, PluginRegistry plugins)
      throws IOException, CommandFailure {
    RestoreState restored;
    DatabaseFileLock held = hold(target);
    StopSignal stop = StopSignal.install();
    try (held;
        TerminalProgress progress = new TerminalProgress()) {
      Restorer restorer = restorer(target, state, chosen, plugins, progress);
      stop.interrupts(Thread.currentThread());
      restored = restorer.restore();
    } finally {
      stop.interruptsNobody();
    }
    if (json) {
      print(RestoreReport.document(restored));
    } else {
      RestoreReport.show(restored, out());
    }
  }

  private Restorer restorer(
      Path target,
      RestoreTarget state,
      ReplicaOptions.Chosen chosen,
      PluginRegistry plugins,
      RestoreListener listener) {
    RestorerBuilder builder =
        Restorer.builder(target, plugins)
            .configured(chosen.config())
            .replicas(chosen.replicas())
            .onlyReplica(source.only())
            .state(state)
            .force(force || delta)
            .check(check())
            .listener(listener);
    if (delta) {
      builder.reuse(target);
    }
    return builder.build();
  }

  /** Reports that there is nothing to do, which is no failure. */
  private int nothing(Path target, String reason, String consequence) {
    if (json) {
      print(RestoreReport.nothing(target, reason));
    } else {
      out().println(target + ": " + reason + " " + consequence);
    }
    return ExitCode.DONE;
  }

  private Path target(@Nullable StreamConfig config) throws CommandFailure, ConfigException {
    if (output != null) {
      return output;
    }
    Path configured = config == null ? null : config.restore().targetPath();
    if (configured == null && config != null && conditions.onlyIfMissing()) {
      configured = config.requireDatabase().path(); // it does not exist, so nothing can be lost
    }
    if (configured == null) {
      throw CommandFailure.usage(
          "where to restore to? Say --output PATH"
              + (config == null
                  ? ""
                  : ", or set restore.targetPath in the configuration; the database's own path is"
                      + " used only if it is named"));
    }
    return configured;
  }

  private DatabaseCheck check() {
    if (unchecked) {
      return DatabaseCheck.NONE;
    }
    return thorough ? DatabaseCheck.THOROUGH : DatabaseCheck.QUICK;
  }

  private int follow(Path copy, ReplicaOptions.Chosen chosen, PluginRegistry plugins)
      throws Exception {
    FollowStatus last =
        new FollowRun(err()).run(copy, chosen, plugins, force, following.interval());
    if (last == null) {
      throw CommandFailure.failed("stopped before " + copy + " was restored");
    }
    if (json) {
      print(FollowRun.document(last));
    } else {
      out().println(FollowRun.text(last));
    }
    return ExitCode.DONE;
  }

  /** Locks the database that is to be replaced, so that nobody has it open or opens it. */
  private DatabaseFileLock hold(Path target) throws CommandFailure {
    DatabaseFileLock held =
        force || delta ? DatabaseFileLock.exclusively(target) : DatabaseFileLock.NONE;
    if (held == null) {
      throw CommandFailure.failed(
          target
              + " is open in another process, which has locked it; if it were replaced now, what"
              + " that process goes on to write would be lost. The file is as it was, and nothing"
              + " was restored. Stop that process first, or restore to another file");
    }
    return held;
  }
}
