package dev.stream.cli;

import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.follow.FollowStatus;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.RestoreTarget;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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
      "Of several replicas the one with the newest state is used, or, at a moment, with the state"
          + " nearest to it, and the next one if it fails."
          + " Every artefact is checked, the whole file is compared with the database checksum"
          + " that capture has carried along, and the database's own check is run. If anything"
          + " fails, PATH stays as it was. What the quick check complains of is a note and no"
          + " failure: the file is proven by then, so it was so when it was captured, or cannot"
          + " be checked here."
    },
    footer = {
      "  stream restore --config stream.json --output app.db",
      "  stream restore --config stream.json --replica offsite --output app.db --force",
      "  stream restore --config stream.json --output app.db --delta",
      "  stream restore --config stream.json --output copy.db --follow",
      "  stream restore --from /backups --output /tmp/drill.db --thorough",
      "  stream restore --from /backups --output app.db --tx 4711",
      "",
      "To go back to the minute before a mistake, restore beside the database first:",
      "  stream list    --config stream.json --at -10m",
      "  stream restore --config stream.json --output before.db --timestamp -10m",
      "  stream restore --config stream.json --output before.db \\",
      "      --timestamp 2026-05-01T12:00:00Z"
    })
final class RestoreCommand extends ReportCommand {

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description =
          "The file to restore to; if not said, the configuration's restore.targetPath. Without"
              + " both, nothing is restored: the database's own path is never taken unasked.")
  private @Nullable Path output;

  @Option(
      names = "--force",
      description =
          "Replace an existing PATH, once its successor is proven, and what an earlier database"
              + " left beside it. Not while somebody has it open.")
  private boolean force;

  @Option(
      names = "--delta",
      description =
          "Read from an existing PATH what still is the same there, and fetch only the rest. PATH"
              + " may be any older copy, or damaged; it is replaced as with --force.")
  private boolean delta;

  @Mixin private StateOptions wanted = new StateOptions();

  @Mixin private FollowOptions following = new FollowOptions();

  @Option(
      names = "--thorough",
      description =
          "Also run what takes long of the database's own check (SQLite: integrity_check; H2: all"
              + " pages of a copy), and fail if it complains.")
  private boolean thorough;

  @Option(
      names = "--no-check",
      description =
          "Leave the database's own check out. The file is proven to be what was captured all the"
              + " same; whether the database takes it is not looked at.")
  private boolean unchecked;

  @Override
  String logLevel() {
    return following.follow() ? "info" : super.logLevel();
  }

  @Override
  int run() throws Exception {
    if (thorough && unchecked) {
      throw CommandFailure.usage("--no-check leaves out what --thorough extends; give one of them");
    }
    RestoreTarget state = wanted.target(Instant.now());
    boolean follows =
        following.wanted(delta || thorough || unchecked || !state.equals(RestoreTarget.NEWEST));
    PluginRegistry plugins = PluginRegistry.discover();
    ReplicaOptions.Chosen chosen = source.choose(plugins);
    Path target = target(chosen.config());
    if (follows) {
      return follow(target, chosen, plugins);
    }
    RestoreState restored;
    HeldFile held = hold(target);
    StopSignal stop = StopSignal.install();
    try (held;
        TerminalProgress progress = new TerminalProgress()) {
      RestorerBuilder builder =
          Restorer.builder(target, Plugins.codecs(plugins))
              .databases(Plugins.databases(plugins))
              .state(state)
              .force(force || delta)
              .check(check())
              .listener(progress);
      if (delta) {
        builder.reuse(target);
      }
      builder.onlyReplica(source.only());
      for (ReplicaConfig replica : chosen.replicas()) {
        builder.replica(replica.name(), replica::open);
      }
      StreamConfig config = chosen.config();
      if (config != null) {
        builder.tempDir(config.restore().tempDir());
        DatabaseConfig database = config.database();
        builder.database(database == null ? null : database.provider());
      }
      stop.interrupts(Thread.currentThread());
      restored = builder.build().restore();
    } catch (RestoreException e) {
      throw explained(e);
    } finally {
      stop.interruptsNobody();
    }
    if (json) {
      print(document(restored));
    } else {
      show(restored);
    }
    return ExitCode.DONE;
  }

  private Path target(@Nullable StreamConfig config) throws CommandFailure {
    if (output != null) {
      return output;
    }
    Path configured = config == null ? null : config.restore().targetPath();
    if (configured == null) {
      throw CommandFailure.usage(
          "where to restore to? Say --output PATH"
              + (config == null
                  ? ""
                  : ", or set restore.targetPath in the configuration; the database's own path is"
                      + " not taken unasked"));
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

  /** Sees to it that nobody has, or opens, the database that is to be replaced. */
  private HeldFile hold(Path target) throws CommandFailure {
    HeldFile held = force || delta ? HeldFile.exclusively(target) : HeldFile.NONE;
    if (held == null) {
      throw CommandFailure.failed(
          target
              + " is open in another process, which has locked it; if it were replaced now, what"
              + " that process goes on to write would be lost. It is as it was, and nothing was"
              + " restored. Stop that process first, or restore to another file");
    }
    return held;
  }

  private static Exception explained(RestoreException e) {
    return switch (e.reason()) {
      case TARGET_EXISTS, LEFTOVERS ->
          String.valueOf(e.getMessage()).contains("force")
              ? e
              : CommandFailure.failed(e.getMessage() + ". --force replaces it");
      default -> e;
    };
  }

  private void show(RestoreState state) {
    out()
        .printf(
            "restored %s: %s, transaction %d of generation %s%n",
            state.path(), Show.bytes(state.fileSize()), state.txId(), state.generation());
    out()
        .printf(
            "  from replica %s: %s%n  read: snapshot at transaction %d and %s, %s in %s%n",
            state.replica(),
            state.reason(),
            state.snapshotTxId(),
            Show.count(state.segments(), "segment"),
            Show.bytes(state.bytesFetched()),
            Show.duration(state.duration()));
    if (state.blocksReused() > 0) {
      out()
          .printf(
              "  not fetched: %s (%s), which the old file had%n",
              Show.bytes(state.bytesReused()), Show.count(state.blocksReused(), "block"));
    }
    String at = Show.iso(state.committedAt());
    out().printf("  committed: %s%n", at == null ? "unknown" : at);
    if (state.after() != null) {
      out().printf("  the next state there is: %s%n", state.after());
    }
    out()
        .printf(
            "  proven: database checksum %s over %s of %d bytes%s%n",
            Show.checksum(state.checksum()),
            Show.count(state.highWaterMark(), "page"),
            state.pageSize(),
            state.check() == null
                ? ""
                : "; the database's own check passed (" + state.check() + ")");
    state.warnings().forEach(warning -> out().println("  note: " + warning));
  }

  static Map<String, @Nullable Object> document(RestoreState state) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("path", state.path().toString());
    document.put("replica", state.replica());
    document.put("reason", state.reason());
    document.put("generation", state.generation().value());
    document.put("txId", state.txId());
    document.put("committedAt", Show.iso(state.committedAt()));
    document.put("after", Show.state(state.after()));
    document.put("checksum", Show.checksum(state.checksum()));
    document.put("pageSize", state.pageSize());
    document.put("pages", state.highWaterMark());
    document.put("size", state.fileSize());
    document.put("snapshotTxId", state.snapshotTxId());
    document.put("segments", state.segments());
    document.put("objectsFetched", state.objectsFetched());
    document.put("requests", state.requests());
    document.put("bytesFetched", state.bytesFetched());
    document.put("blocksReused", state.blocksReused());
    document.put("bytesReused", state.bytesReused());
    document.put("durationMillis", state.duration().toMillis());
    document.put("check", state.check());
    document.put("warnings", state.warnings());
    return document;
  }
}
