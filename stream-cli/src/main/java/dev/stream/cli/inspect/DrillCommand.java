package dev.stream.cli.inspect;

import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ReplicaOptions;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.TerminalProgress;
import dev.stream.cli.output.ValueFormat;
import dev.stream.cli.process.FolderRemoval;
import dev.stream.core.config.DrillConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.drill.AssertionResult;
import dev.stream.core.drill.Drill;
import dev.stream.core.drill.DrillRecords;
import dev.stream.core.drill.DrillReport;
import dev.stream.core.file.FileRights;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.restore.RestoreState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream drill}. */
@Command(
    name = "drill",
    description = {
      "Restores each replica to a scratch copy, to know that it can be restored.",
      "",
      "The copy is proven like every restore, checked by the database with all it has, and asked"
          + " what it holds: an assertion is a question, such as a SQL query, whose first value has"
          + " to be true or a number other than 0. Tells through which transaction each replica is"
          + " verified. With --config the outcome is kept in the shadow directory, where status"
          + " and a running Stream tell it.",
      "",
      "\"drill\": {\"interval\": \"24h\"} in the configuration has a running Stream do it again and"
          + " again."
    },
    footer = {
      "  stream drill --config stream.json",
      "  stream drill --config stream.json --replica offsite --reuse",
      "  stream drill -c stream.json --assert 'SELECT count(*) > 0 FROM orders'"
    })
public final class DrillCommand extends ReportCommand {

  private static final String PREFIX = "stream-drill-";

  /** Within the folder: so a copy that a running Stream keeps for its next drill stays. */
  private static final String ONCE = "once";

  @Mixin private ReplicaOptions source = new ReplicaOptions();

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "Where the copies are made; needs room for the database. Without it"
              + " drill.scratchDir; with --from, a temporary folder.")
  private @Nullable Path scratch;

  @Option(
      names = "--reuse",
      description =
          "Keep the copy, and fetch only what the copy of the last drill lacks; proves the state,"
              + " but not that its older objects can still be read.")
  private boolean reuse;

  @Option(
      names = "--assert",
      paramLabel = "QUESTION",
      description =
          "Ask this too, besides what the configuration asks under drill.assert; with --config.")
  private List<String> assertions = new ArrayList<>();

  @Override
  protected int run() throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    ReplicaOptions.Chosen chosen = source.choose(plugins);
    StreamConfig config = chosen.config();
    if (config == null && !assertions.isEmpty()) {
      throw CommandFailure.usage(
          "--assert needs --config, which says what the database is and how it is asked");
    }
    if (assertions.stream().anyMatch(String::isBlank)) {
      throw CommandFailure.usage("--assert is blank; give it a question");
    }
    DrillConfig drill = drill(config);
    Path base = base(config, drill);
    Path temporary = base == null ? Files.createTempDirectory(PREFIX) : null;
    Path folder = Objects.requireNonNullElseGet(base, () -> Objects.requireNonNull(temporary));
    Drill drills =
        new Drill(
            drill,
            reuse ? folder : folder.resolve(ONCE),
            reuse,
            config == null ? null : config.database(),
            plugins.codecs(),
            plugins.databases(),
            Clock.systemUTC());
    List<DrillReport> reports = new ArrayList<>();
    try {
      for (ReplicaConfig replica : chosen.replicas()) {
        reports.add(run(drills, replica));
      }
    } finally {
      if (temporary != null) {
        FolderRemoval.remove(temporary);
      }
    }
    if (config != null && Files.isDirectory(config.shadowDir())) {
      remember(config, reports);
    }
    boolean ok = reports.stream().allMatch(DrillReport::ok);
    if (json) {
      print(
          new JsonObject()
              .with("ok", ok)
              .with("replicas", reports.stream().map(DrillCommand::tree).toList()));
    } else {
      reports.forEach(this::show);
    }
    return ok ? ExitCode.DONE : ExitCode.FAILED;
  }

  private DrillConfig drill(@Nullable StreamConfig config) {
    DrillConfig told = config == null ? null : config.drill();
    DrillConfig base = told == null ? DrillConfig.DEFAULTS : told;
    List<String> all = new ArrayList<>(base.assertions());
    all.addAll(assertions);
    return new DrillConfig(base.interval(), base.fullInterval(), base.scratchDir(), all);
  }

  /** The folder in which copies are made; null for one that is temporary. */
  private @Nullable Path base(@Nullable StreamConfig config, DrillConfig drill) {
    if (scratch != null) {
      return scratch;
    }
    return config == null ? null : drill.scratchDir(config.shadowDir());
  }

  private DrillReport run(Drill drills, ReplicaConfig replica)
      throws IOException, InterruptedException {
    try (TerminalProgress progress = new TerminalProgress();
        ReplicaOnDemand opened = ReplicaOnDemand.of(replica.name(), replica::open)) {
      return drills.run(opened, !reuse, progress);
    }
  }

  private void remember(StreamConfig config, List<DrillReport> reports) throws IOException {
    Path database = config.database() == null ? null : config.database().path();
    DrillRecords records =
        new DrillRecords(
            config.shadowDir(), database == null ? FileRights.PRIVATE : FileRights.of(database));
    DrillConfig drill = config.drill();
    for (DrillReport report : reports) {
      Instant stale = drill == null ? null : report.at().plus(drill.staleAfter());
      var unused = records.add(report, stale);
    }
  }

  private void show(DrillReport report) {
    RestoreState state = report.state();
    String problem = report.problem();
    if (problem != null) {
      out().printf("replica %s: NOT PROVEN: %s%n", report.replica(), problem);
    }
    if (state == null) {
      return;
    }
    out()
        .printf(
            "replica %s: %s transaction %d of generation %s%s; read %s%s in %s%n",
            report.replica(),
            problem == null ? "verified through" : "restored to",
            state.txId(),
            state.generation(),
            state.committedAt() == null ? "" : ", of " + ValueFormat.time(state.committedAt()),
            ValueFormat.bytes(state.bytesFetched()),
            report.everything()
                ? ", which is everything,"
                : ", and took " + ValueFormat.bytes(state.bytesReused()) + " from the last copy,",
            ValueFormat.duration(state.duration()));
    if (state.check() != null) {
      out().println("  " + state.check());
    }
    for (AssertionResult assertion : report.assertions()) {
      out().printf("  %s: %s%n", assertion.holds() ? "holds" : "FAILS", assertion.question());
    }
    state.warnings().forEach(warning -> out().println("  " + warning));
  }

  private static JsonObject tree(DrillReport report) {
    JsonObject tree =
        new JsonObject()
            .with("name", report.replica())
            .with("ok", report.ok())
            .with("problem", report.problem())
            .with("at", report.at().toString());
    RestoreState state = report.state();
    if (state != null) {
      Instant committed = state.committedAt();
      tree.with("generation", state.generation().value())
          .with("txId", state.txId())
          .with("committedAt", committed == null ? null : committed.toString())
          .with("fetchedEverything", report.everything())
          .with("bytesFetched", state.bytesFetched())
          .with("bytesReused", state.bytesReused())
          .with("durationMillis", state.duration().toMillis())
          .with("check", state.check())
          .with("warnings", state.warnings());
    }
    return tree.with("assertions", report.assertions().stream().map(DrillCommand::tree).toList());
  }

  private static JsonObject tree(AssertionResult assertion) {
    return new JsonObject()
        .with("question", assertion.question())
        .with("holds", assertion.holds())
        .with("answer", assertion.answer())
        .with("error", assertion.error());
  }
}
