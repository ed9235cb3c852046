package dev.stream.core.run;

import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.guard.LineageRehearsal;
import dev.stream.core.guard.RehearsalFinding;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.Restorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tries whether a {@code StreamController} would start now, with the tests that its start runs, and
 * changes nothing. For another process than the one that uses the database. What only the start can
 * know, since it takes hold of the database, is left to it.
 */
public final class StartRehearsal {

  private final StreamConfig config;
  private final PluginRegistry plugins;

  /** A rehearsal of a start with this configuration. */
  public StartRehearsal(StreamConfig config, PluginRegistry plugins) {
    this.config = config;
    this.plugins = plugins;
  }

  /**
   * Whether the folders that are named lie apart.
   *
   * @throws IOException as the start
   */
  public RehearsalFinding places() throws IOException {
    ConfiguredFolders.of(config).requireApart();
    return new RehearsalFinding(
        false, "the shadow directory, the replicas and the database lie apart");
  }

  /**
   * Whether the database can be captured.
   *
   * @throws IOException as the start
   */
  public RehearsalFinding database() throws IOException {
    DatabaseConfig database = config.requireDatabase();
    Path path = database.path();
    boolean enabled = config.restore().enabled();
    boolean restores = enabled && !AutoRestoreTarget.of(config).elsewhere();
    boolean waits =
        config.waitForDatabase() == null ? enabled : Boolean.TRUE.equals(config.waitForDatabase());
    if (Files.notExists(path) && (restores || waits)) {
      LineageRehearsal.Held held = lineage().held();
      if (restores && held.anything()) {
        return new RehearsalFinding(
            false, path + " is missing; 'stream replicate' would restore it first");
      }
      if (waits) {
        return new RehearsalFinding(
            true,
            path
                + " is missing"
                + (restores ? ", and there is nothing to restore it from" : "")
                + ": 'stream replicate' would wait for the application to create it. If it is not"
                + " the first deployment, correct \"path\", or see to the replicas");
      }
    }
    List<String> warnings = database.rehearse();
    String what =
        path.toRealPath() + " can be captured, " + Files.size(path.toRealPath()) + " bytes";
    return warnings.isEmpty()
        ? new RehearsalFinding(false, what)
        : new RehearsalFinding(true, what + "; " + String.join("; ", warnings));
  }

  /**
   * Whether restores can write where {@code restore.targetPath} and {@code restore.tempDir} say.
   *
   * @throws IOException as a restore, if they cannot
   */
  public RehearsalFinding restore() throws IOException {
    Path tempDir = config.restore().tempDir();
    AutoRestoreTarget target = AutoRestoreTarget.of(config);
    Restorer.builder(target.path(), codecs()).force(true).tempDir(tempDir).build().rehearse();
    String made = tempDir == null ? "" : ", made in " + tempDir;
    boolean due = target.elsewhere() && target.isDue(config, null);
    return new RehearsalFinding(
        false,
        target.path()
            + " can be written"
            + made
            + (due ? "; it is missing, 'stream replicate' would restore it first" : ""));
  }

  /**
   * Whether the database may become the newest state of the replicas.
   *
   * @throws IOException as the start, if it may not
   */
  public RehearsalFinding newestState() throws IOException {
    return lineage().judge();
  }

  private LineageRehearsal lineage() {
    return new LineageRehearsal(config, codecs());
  }

  private CodecLookup codecs() {
    return name ->
        name.equals(config.compression().codec())
            ? config.compression().open()
            : plugins.openCodec(name);
  }
}
