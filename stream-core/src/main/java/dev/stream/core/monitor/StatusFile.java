package dev.stream.core.monitor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.core.drill.DrillRecords;
import dev.stream.core.file.FileRights;
import dev.stream.core.schedule.Episode;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.status.CatchUp;
import dev.stream.core.status.ReplicaStatus;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code status.json} in the shadow directory: how a running Stream is doing, for other processes.
 * Replaced as a whole, at most once a second, when something changed or after some seconds. Where
 * there is no room for another file it is written over, so that a full disk is told as well; who
 * reads it meanwhile reads again.
 *
 * <p>Keys: {@code state} ({@code running}, {@code waiting} for a database, or {@code stopped}),
 * {@code pid}, {@code updatedAt}, {@code healthy}, {@code problems}, {@code database}, {@code
 * generation}, {@code reason}, {@code txId}, {@code lastCatchUp} (null, or {@code generation},
 * {@code reason}, {@code since}, {@code at}, {@code firstTxId}, {@code txId}, {@code pages}, {@code
 * bytes}), {@code capturing}, {@code error}, {@code captureFailures}, {@code readBack} with {@code
 * provenAt}, {@code pagesRead} and {@code pages}, {@code compactionError}, {@code
 * compactionFailingSince}, {@code shadowBytes}, {@code dataLossWindowMillis}, {@code replicas} with
 * {@code name}, {@code store}, {@code generation}, {@code txId}, {@code pendingArtefacts}, {@code
 * pendingBytes}, {@code error}, {@code dataLossWindowMillis}, {@code drills} as in {@link
 * DrillRecords}. A process that was killed or stopped leaves {@code running}: {@link
 * dev.stream.core.run.RunningStream} takes that into account.
 */
public final class StatusFile {

  /** Its name in the shadow directory. */
  public static final String NAME = "status.json";

  /** It is written that often at least. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);

  /** The length is a multiple of it, so that it can be written over on a full disk. */
  private static final int BLOCK = 4096;

  private final ObjectMapper mapper = new ObjectMapper();
  private final Path folder;
  private final FileRights rights;
  private final Clock clock;
  private final Episode episode = new Episode();
  private String written = "";
  private @Nullable StreamStatus known;
  private Instant writtenAt = Instant.EPOCH;

  /** The one of a shadow directory. */
  public StatusFile(ShadowDirectory directory, Clock clock) {
    this.folder = directory.root();
    this.rights = directory.rights();
    this.clock = clock;
  }

  /** Writes what has changed. */
  public synchronized void write(StreamStatus status) {
    Duration age = Duration.between(writtenAt, clock.instant());
    boolean current = !age.isNegative() && age.compareTo(HEARTBEAT) < 0;
    StreamStatus timeless = timeless(status);
    if (!current || !timeless.equals(known)) { // else the text is not even made
      write(tree(status, "running"));
      known = timeless;
    }
  }

  private static StreamStatus timeless(StreamStatus status) {
    return new StreamStatus(
        status.database(),
        status.generation(),
        status.generationReason(),
        status.txId(),
        status.lastCatchUp(),
        status.running(),
        status.capturing(),
        status.captureError(),
        status.captureFailures(),
        status.readBack(),
        status.compactionError(),
        status.compactionFailingSince(),
        status.shadowBytes(),
        status.dataLossWindow(),
        status.dataLossWindowThreshold(),
        status.replicas(),
        status.drills(),
        Instant.EPOCH);
  }

  /** Says that there is no database yet, and that it is waited for. */
  public synchronized void waiting(Path database, String problem) {
    ObjectNode tree = head("waiting", List.of(problem));
    tree.put("database", database.toString());
    write(tree);
  }

  private void write(ObjectNode tree) {
    String text = tree.toString();
    Instant now = clock.instant();
    Duration age = Duration.between(writtenAt, now);
    if (!text.equals(written) || age.isNegative() || age.compareTo(HEARTBEAT) >= 0) {
      replace(tree, now);
      written = text;
      writtenAt = now;
    }
  }

  /** Says that there is no running Stream any more, if there was one. */
  public synchronized void stopped(StreamStatus status, boolean wasRunning) {
    if (wasRunning) {
      replace(tree(status, "stopped"), clock.instant());
    }
  }

  private void replace(ObjectNode tree, Instant now) {
    tree.put("updatedAt", now.toString());
    Path target = folder.resolve(NAME);
    Path temporary = folder.resolve("tmp").resolve(NAME);
    byte[] content = new byte[0];
    try {
      content = padded(mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
      Files.write(temporary, content);
      rights.giveFile(temporary);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      boolean ignored = episode.succeeded();
    } catch (IOException e) {
      boolean told = content.length > 0 && writeOver(target, content);
      if (episode.failed("" + e)) {
        LOG.warn(
            "{} cannot be replaced{}: {}; replication goes on",
            target,
            told ? ", and is written over" : "",
            e.toString());
      }
    }
  }

  private @Nullable ObjectNode tree(@Nullable CatchUp catchUp) {
    if (catchUp == null) {
      return null;
    }
    ObjectNode tree = mapper.createObjectNode();
    tree.put("generation", catchUp.generation());
    tree.put("reason", catchUp.reason());
    tree.put("since", catchUp.since().toString());
    tree.put("at", catchUp.at().toString());
    tree.put("firstTxId", catchUp.firstTxId());
    tree.put("txId", catchUp.txId());
    tree.put("pages", catchUp.pages());
    tree.put("bytes", catchUp.bytes());
    return tree;
  }

  private static byte[] padded(byte[] text) {
    byte[] padded = Arrays.copyOf(text, (text.length / BLOCK + 1) * BLOCK);
    Arrays.fill(padded, text.length, padded.length, (byte) '\n');
    return padded;
  }

  private static boolean writeOver(Path target, byte[] content) {
    try (FileChannel file = FileChannel.open(target, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        file.write(bytes, bytes.position());
      }
      file.truncate(content.length);
      return true;
    } catch (IOException e) {
      return false; // its age tells then
    }
  }

  private ObjectNode head(String state, List<String> problems) {
    ObjectNode tree = mapper.createObjectNode();
    tree.put("state", state);
    tree.put("pid", ProcessHandle.current().pid());
    tree.put("healthy", problems.isEmpty());
    problems.forEach(tree.putArray("problems")::add);
    return tree;
  }

  private ObjectNode tree(StreamStatus status, String state) {
    ObjectNode tree = head(state, status.problems());
    tree.put("database", status.database());
    tree.put("generation", status.generation());
    tree.put("reason", status.generationReason());
    tree.put("txId", status.txId());
    tree.set("lastCatchUp", tree(status.lastCatchUp()));
    tree.put("capturing", status.capturing());
    tree.put("error", status.captureError());
    tree.put("captureFailures", status.captureFailures());
    ObjectNode readBack = tree.putObject("readBack");
    Instant provenAt = status.readBack().provenAt();
    readBack.put("provenAt", provenAt == null ? null : provenAt.toString());
    readBack.put("pagesRead", status.readBack().pagesRead());
    readBack.put("pages", status.readBack().pages());
    Instant failing = status.compactionFailingSince();
    tree.put("compactionError", status.compactionError());
    tree.put("compactionFailingSince", failing == null ? null : failing.toString());
    tree.put("shadowBytes", status.shadowBytes());
    tree.put("dataLossWindowMillis", status.dataLossWindow().toMillis());
    ArrayNode replicas = tree.putArray("replicas");
    for (ReplicaStatus replica : status.replicas()) {
      ObjectNode node = replicas.addObject();
      node.put("name", replica.name());
      node.put("store", replica.store());
      node.put("generation", replica.generation());
      node.put("txId", replica.txId());
      node.put("pendingArtefacts", replica.pendingArtefacts());
      node.put("pendingBytes", replica.pendingBytes());
      node.put("error", replica.lastError());
      node.put("dataLossWindowMillis", replica.dataLossWindow().toMillis());
    }
    ArrayNode drills = tree.putArray("drills");
    status.drills().forEach(drill -> drills.add(DrillRecords.tree(drill)));
    return tree;
  }
}
