package dev.stream.core.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stream.core.file.FileRights;
import dev.stream.core.schedule.Episode;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.status.StreamStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
 * <p>{@link StatusDocument} has the keys. A process that was killed or stopped leaves {@code
 * running}: {@link dev.stream.core.run.RunningStream} takes that into account.
 */
public final class StatusFile {

  /** Its name in the shadow directory. */
  public static final String NAME = "status.json";

  /** It is written that often at least. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);

  /** The length is a multiple of it, so that it can be written over on a full disk. */
  private static final int BLOCK = 4096;

  private final Path folder;
  private final FileRights rights;
  private final Clock clock;
  private final Episode episode = new Episode();
  private String written = "";
  private String shown = ""; // the same, as it is in the file
  private @Nullable StreamStatus known;
  private Instant writtenAt = Instant.EPOCH;

  /** The one of a shadow directory. */
  public StatusFile(ShadowDirectory directory, Clock clock) {
    this.folder = directory.root();
    this.rights = directory.rights();
    this.clock = clock;
  }

  /**
   * Writes what has changed.
   *
   * @return whether anything has
   */
  public synchronized boolean write(StreamStatus status) {
    Duration age = Duration.between(writtenAt, clock.instant());
    boolean current = !age.isNegative() && age.compareTo(HEARTBEAT) < 0;
    StreamStatus timeless = timeless(status);
    boolean changed = !timeless.equals(known);
    if (changed) { // else the text is not even made
      write(StatusDocument.of("running", status));
      known = timeless;
    } else if (!current) {
      writeAgain();
    }
    return changed;
  }

  private static StreamStatus timeless(StreamStatus status) {
    return new StreamStatus(
        status.database(),
        status.databaseBytes(),
        status.generation(),
        status.generationBornAt(),
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
        status.logBytes(),
        status.dataLossWindow(),
        status.dataLossWindowThreshold(),
        status.replicas(),
        status.drills(),
        Instant.EPOCH);
  }

  /** Says that there is no database yet, and that it is waited for. */
  public synchronized void waiting(Path database, String problem) {
    ObjectNode tree = StatusDocument.head("waiting", List.of(problem));
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
      replace(StatusDocument.of("stopped", status), clock.instant());
    }
  }

  /** What was written, as of now. */
  private void writeAgain() {
    Instant now = clock.instant();
    shown = shown.replace(updatedAt(writtenAt), updatedAt(now));
    replace(shown);
    writtenAt = now;
  }

  private static String updatedAt(Instant at) {
    return "\"updatedAt\" : \"" + at + '"';
  }

  private void replace(ObjectNode tree, Instant now) {
    tree.put("updatedAt", now.toString());
    shown = tree.toPrettyString();
    replace(shown);
  }

  private void replace(String text) {
    Path target = folder.resolve(NAME);
    Path temporary = folder.resolve("tmp").resolve(NAME);
    byte[] content = padded(text.getBytes(StandardCharsets.UTF_8));
    try {
      Files.write(temporary, content);
      rights.giveFile(temporary);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      boolean ignored = episode.succeeded();
    } catch (IOException e) {
      boolean told = writeOver(target, content);
      if (episode.failed("" + e)) {
        LOG.warn(
            "{} cannot be replaced{}: {}; replication goes on",
            target,
            told ? ", and is written over" : "",
            e.toString());
      }
    }
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
}
