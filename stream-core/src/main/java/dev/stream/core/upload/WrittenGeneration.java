package dev.stream.core.upload;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generation that a replica is written in, as one small object beside the artefacts. Whoever
 * begins a generation writes its name there, then lists the replica, and only then stores anything.
 * So a writer that reads its own name knows with one request that nobody has begun another since.
 *
 * <p>The object is only ever a hint that everything is to be listed, never a proof of anything
 * else: where it is missing, another's, or cannot be written, a listing decides as if it did not
 * exist. Two that write it in the same moment both list afterwards, and look once more when their
 * first artefact is stored, so that the one whose name was written over writes it again.
 */
public final class WrittenGeneration {

  /** What a writer has of the object. */
  public enum Claim {
    /** It named the generation already. */
    HELD,
    /** It names the generation from now on: what others stored before is to be listed. */
    TAKEN,
    /** It names another one, or cannot be written: every look is a listing. */
    REFUSED
  }

  /** The object; none of an archive's keys. */
  public static final ObjectKey KEY = new ObjectKey("stream-line");

  private static final Logger LOG = LoggerFactory.getLogger(WrittenGeneration.class);
  private static final Pattern NAME = Pattern.compile("\"generation\"\\s*:\\s*\"([0-9a-f-]{25})\"");
  private static final int LONGEST = 4096;

  /** A later generation that was begun longer ago, and has nothing stored, is not waited for. */
  private static final Duration UNUSED = Duration.ofHours(1);

  private WrittenGeneration() {}

  /**
   * Whether a replica is still written in a generation: one read.
   *
   * @throws IOException if the replica cannot be asked
   */
  public static boolean isStill(Replica replica, GenerationId generation) throws IOException {
    boolean still = generation.equals(read(replica));
    if (still && replica instanceof MarkedReplica marked) {
      marked.seen();
    }
    return still;
  }

  /**
   * Writes down that a replica is written in a generation. To be called after a listing that showed
   * no later generation; never fails, since a replica does without.
   */
  public static Claim claim(Replica replica, GenerationId generation, Instant now) {
    try {
      GenerationId written = read(replica);
      if (generation.equals(written)) {
        return Claim.HELD;
      }
      if (written != null
          && written.compareTo(generation) > 0
          && written.bornAt().isAfter(now.minus(UNUSED))) {
        return Claim.REFUSED; // another is about to store its first artefact
      }
      String text = "{\"stream\": \"line\", \"generation\": \"" + generation + "\"}\n";
      ObjectInfo ignored = replica.put(KEY, ObjectBody.of(text.getBytes(StandardCharsets.UTF_8)));
      return Claim.TAKEN;
    } catch (IOException | RuntimeException | Error e) {
      LOG.debug(
          "{} cannot be told that it is written in {}, so it is listed whenever it is looked at",
          replica.name(),
          generation,
          e);
      return Claim.REFUSED;
    }
  }

  /** The generation that is written down; null if there is none. */
  private static @Nullable GenerationId read(Replica replica) throws IOException {
    try (InputStream stream = replica.open(KEY, 0, LONGEST)) {
      String text = new String(stream.readNBytes(LONGEST), StandardCharsets.UTF_8);
      Matcher name = NAME.matcher(text);
      return name.find() && GenerationId.isGenerationId(name.group(1))
          ? new GenerationId(name.group(1))
          : null;
    } catch (ReplicaException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }
}
