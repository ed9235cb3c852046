package dev.stream.cli.check;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.stream.api.codec.Codec;
import dev.stream.cli.command.CommandFailure;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.option.ConfigOption;
import dev.stream.cli.output.JsonObject;
import dev.stream.cli.output.ValueFormat;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.RestoreConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.guard.RehearsalFinding;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.run.RunningStream;
import dev.stream.core.run.StartRehearsal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code stream check}. */
@Command(
    name = "check",
    description = {
      "Tries whether replication with a configuration would work, and changes nothing.",
      "",
      "Checks the configuration, the plug-ins it needs and the codec, whether the database can be"
          + " read, and whether the shadow directory can be written. Has every replica store,"
          + " return, list and delete a small object, and store and return one of 17 MiB; measures"
          + " a round trip; removes both objects again. Then it checks whether the start would be"
          + " refused, because places overlap or because the database is not the one that the"
          + " replicas hold. All parts are tried, also after a failure.",
      "",
      "SQLite's quick check is run if it takes no longer than 30 s (2 s in rollback mode), and its"
          + " complaints are shown. A database with complaints is captured and restored as it is.",
      "",
      "A replica where nothing can be deleted, or that keeps what is deleted, gets a warning and no"
          + " failure: replication and restores work there.",
      "",
      "An H2 database is captured inside the application that writes it, so only its file is looked"
          + " at, and who uses it. It is a warning if an application has it open while no Stream"
          + " uses the shadow directory."
    },
    footer = {"  stream check --config stream.json", "  stream check --config stream.json --json"})
public final class CheckCommand extends ReportCommand {

  @Mixin private ConfigOption source = new ConfigOption();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "How long to wait for each replica; 30 if it is not given. The object of 17 MiB may take"
              + " ten times as long, while some of it moves within each such time.")
  private int timeout = 30;

  private final List<JsonObject> results = new ArrayList<>();
  private boolean ok = true;

  @Override
  protected int run() throws Exception {
    if (timeout < 1) {
      throw CommandFailure.usage("--timeout " + timeout + ": give at least one second");
    }
    PluginRegistry plugins = PluginRegistry.discover();
    StreamConfig config = source.read(plugins);
    StartRehearsal start = new StartRehearsal(config, plugins);
    rehearse("configuration", () -> new RehearsalFinding(false, "understood: " + replicas(config)));
    rehearse("codec", () -> codec(config));
    database(config, start);
    rehearse("shadow directory", () -> shadow(config.shadowDir()));
    rehearse("places", start::places);
    RestoreConfig restore = config.restore();
    if (restore.targetPath() != null || restore.tempDir() != null) {
      rehearse("restore", start::restore);
    }
    for (ReplicaConfig replica : config.replicas()) {
      replica(config, replica);
    }
    newestState(config, start);
    if (json) {
      print(
          new JsonObject()
              .with("ok", ok)
              .with("checks", results)
              .with("configuration", config.describe()));
    }
    return ok ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static String replicas(StreamConfig config) {
    return ValueFormat.count(config.replicas().size(), "replica")
        + ", a segment every "
        + ValueFormat.duration(config.syncInterval())
        + (config.snapshotInterval() == null
            ? ", a snapshot when one pays"
            : ", a snapshot every " + ValueFormat.duration(config.snapshotInterval()));
  }

  private void replica(StreamConfig config, ReplicaConfig replica) throws Exception {
    MissingReplicaFolders made = MissingReplicaFolders.of(config, replica.name());
    ProbeReport report = ReplicaProbe.run(replica, Duration.ofSeconds(timeout));
    made.remove();
    result(
        "replica " + replica.name(),
        report.ok(),
        report.warns() ? "WARN" : report.ok() ? "ok" : "FAILED",
        report.text(),
        report.tree(replica.name()));
  }

  private void result(
      String what, boolean good, String word, String detail, Map<String, @Nullable Object> more) {
    ok &= good;
    JsonObject result = new JsonObject().with("what", what).with("ok", good).with("detail", detail);
    result.putAll(more);
    results.add(result);
    if (!json) {
      out().printf("%-6s  %s: %s%n", word, what, detail);
      out().flush();
    }
  }

  private static RehearsalFinding codec(StreamConfig config) throws IOException {
    Codec codec = config.compression().open();
    byte[] original = "a block of a database ".repeat(200).getBytes(US_ASCII);
    byte[] packed = new byte[codec.maxCompressedLength(original.length)];
    int length = codec.compress(original, 0, original.length, packed, 0);
    byte[] back = new byte[original.length];
    codec.decompress(packed, 0, length, back, 0, back.length);
    if (!Arrays.equals(original, back)) {
      throw new IOException(codec.description() + " does not return what it was given");
    }
    return new RehearsalFinding(false, codec.description());
  }

  /** A part of the start that is tried; it may find something to warn of. */
  @FunctionalInterface
  private interface Rehearsal {
    RehearsalFinding run() throws IOException;
  }

  private void rehearse(String what, Rehearsal rehearsal) {
    try {
      RehearsalFinding found = rehearsal.run();
      String word = found.warns() ? "WARN" : "ok";
      result(what, true, word, found.text(), Map.of("warning", found.warns()));
    } catch (IOException | RuntimeException e) {
      result(what, false, "FAILED", ErrorMessage.of(e), Map.of());
    }
  }

  /**
   * Not while a Stream runs, which knows it itself, and not of a database that an application
   * captures, which is judged when the application opens it.
   */
  private void newestState(StreamConfig config, StartRehearsal start) throws IOException {
    boolean outside = config.requireDatabase().provider().captureInProcess() == null;
    if (outside && !RunningStream.of(config.shadowDir()).state().isAlive()) {
      rehearse("newest state", start::newestState);
    }
  }

  private void database(StreamConfig config, StartRehearsal start) throws IOException {
    String how = config.requireDatabase().provider().captureInProcess();
    rehearse("database", how == null ? start::database : () -> InProcessCapture.look(config, how));
  }

  private static RehearsalFinding shadow(Path folder) throws IOException {
    Path existing = folder.toAbsolutePath();
    while (existing != null && Files.notExists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing)) {
      throw new IOException(existing + " is not a folder, so " + folder + " cannot be made");
    }
    try {
      Path probe = Files.createTempFile(existing, ".stream-check-", ".tmp");
      Files.delete(probe);
    } catch (IOException e) {
      throw new IOException("cannot write to " + existing + ": " + e, e);
    }
    String state = RunningStream.of(folder).state().isAlive() ? "; a Stream is using it now" : "";
    boolean exists = existing.equals(folder.toAbsolutePath());
    return new RehearsalFinding(
        false, folder + (exists ? " can be written" + state : " can be made"));
  }
}
