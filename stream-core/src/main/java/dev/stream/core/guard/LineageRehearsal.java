package dev.stream.core.guard;

import dev.stream.api.replica.Replica;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.state.GenerationId;
import dev.stream.core.upload.NamedReplica;
import dev.stream.core.upload.RemoteReplica;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells beforehand whether a database may become the newest state of what the replicas hold. Reads
 * the shadow directory, the replicas' listings and, only where nobody remembers where the database
 * comes from, the database's file.
 */
public final class LineageRehearsal {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * What is held already.
   *
   * @param anything whether the shadow directory or a replica has artefacts, or may have
   */
  public record Held(boolean anything) {}

  private final StreamConfig config;
  private final CodecLookup codecs;

  /** Of a configuration that names its database. */
  public LineageRehearsal(StreamConfig config, CodecLookup codecs) {
    this.config = config;
    this.codecs = codecs;
  }

  /** What there is to go on from, or to restore from. */
  public Held held() throws IOException {
    ReplicaHeads heads = heads();
    return new Held(lineage() != null || !heads.found().isEmpty() || !heads.silent().isEmpty());
  }

  /**
   * Judges.
   *
   * @throws IOException if the start would refuse
   */
  public RehearsalFinding judge() throws IOException {
    DatabaseConfig database = config.requireDatabase();
    Path path = database.path();
    if (Files.exists(config.shadowDir().resolve(LineageMark.ACCEPT))) {
      return new RehearsalFinding(
          false, "the next start accepts the database, as somebody has asked for");
    }
    if (Files.notExists(path)) {
      return new RehearsalFinding(false, "there is no database yet");
    }
    ReplicaHeads heads = heads();
    GenerationId lineage = lineage();
    for (ReplicaHead head : heads.found()) {
      DatabaseState state = head.state();
      if (lineage != null && head.generation().compareTo(lineage) > 0) {
        return new RehearsalFinding(
            true,
            "another Stream has replicated to replica "
                + head.replica()
                + " since the shadow directory was used last: "
                + head.describe()
                + "; 'stream replicate' may refuse");
      }
      if (Files.size(path) == 0 && state != null && state.highWaterMark() > 0) {
        throw refused(path, "it is empty", head);
      }
    }
    ReplicaHead newest = heads.newest().orElse(null);
    if (lineage == null && newest != null && newest.state() != null) {
      return compared(database, newest, newest.state());
    }
    return new RehearsalFinding(
        !heads.silent().isEmpty(),
        heads.silent().isEmpty()
            ? lineage == null
                ? "no replica holds anything yet"
                : "the shadow directory knows where the database comes from; the start compares its"
                    + " pages"
            : "what " + heads.silent() + " hold cannot be told now");
  }

  /** Nobody remembers: then equal content is the proof, as at the start. */
  private static RehearsalFinding compared(
      DatabaseConfig database, ReplicaHead head, DatabaseState state) throws IOException {
    Path path = database.path();
    for (Path companion : database.provider().companions(path)) {
      if (Files.exists(companion) && Files.size(companion) > 0 && !isIndex(companion)) {
        return new RehearsalFinding(
            true,
            "the shadow directory does not know the database, and its log is in use: only 'stream"
                + " replicate' can tell whether it goes on from what the replica holds ("
                + head.describe()
                + "), and refuses if it does not");
      }
    }
    if (!equal(path, state)) {
      throw refused(
          path,
          "its content is not what the replica holds, and the shadow directory does not know where"
              + " it comes from",
          head);
    }
    return new RehearsalFinding(false, "the database is what replica " + head.replica() + " holds");
  }

  /** SQLite's shared index is never empty while somebody uses the database, whatever the log is. */
  private static boolean isIndex(Path companion) {
    return String.valueOf(companion.getFileName()).endsWith("-shm");
  }

  private static boolean equal(Path file, DatabaseState state) throws IOException {
    int pageSize = state.pageSize();
    if (Files.size(file) != state.highWaterMark() * pageSize) {
      return false;
    }
    long checksum = 0;
    byte[] page = new byte[pageSize];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 18)) {
      for (long id = 1; id <= state.highWaterMark(); id++) {
        if (in.readNBytes(page, 0, pageSize) < pageSize) {
          return false;
        }
        checksum ^= PageHash.of(id, page, 0, pageSize);
      }
    }
    return checksum == state.checksum();
  }

  private static IOException refused(Path path, String why, ReplicaHead head) {
    return new IOException(
        "'stream replicate' would refuse "
            + path
            + ", since it would become the newest state of a replica that holds another one: "
            + why
            + ". "
            + head.describe()
            + ". It says then what to choose from; --accept-new-generation accepts the database");
  }

  private ReplicaHeads heads() throws IOException {
    List<NamedReplica> replicas = new ArrayList<>();
    List<Replica> open = new ArrayList<>();
    try {
      for (ReplicaConfig replica : config.replicas()) {
        RemoteReplica opening = RemoteReplica.begin(replica);
        open.add(opening);
        replicas.add(new NamedReplica(replica.name(), opening));
      }
      return ReplicaHeads.ask(replicas, codecs, PATIENCE);
    } finally {
      for (Replica replica : open) {
        replica.close();
      }
    }
  }

  /** The newest generation of the shadow directory; null if it has none. */
  private @Nullable GenerationId lineage() throws IOException {
    Path root = config.shadowDir();
    Stream<String> names = Stream.concat(names(root), names(root.resolve("active")));
    return names
        .map(name -> name.length() > 25 && name.charAt(25) == '.' ? name.substring(0, 25) : name)
        .filter(GenerationId::isGenerationId)
        .map(GenerationId::new)
        .max(GenerationId::compareTo)
        .orElse(null);
  }

  private static Stream<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList().stream();
    } catch (NoSuchFileException e) {
      return Stream.of();
    }
  }
}
