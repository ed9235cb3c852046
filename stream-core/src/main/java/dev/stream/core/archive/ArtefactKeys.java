package dev.stream.core.archive;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.state.GenerationId;
import dev.stream.core.state.PinDescriptor;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a replica: {@code <generation>/snapshots/<txId>} and {@code
 * <generation>/segments/<level>/<firstTxId>-<lastTxId>}, ids as 16 hex digits, so that keys sort by
 * time. There is exactly one key for an artefact: any other spelling is foreign. Beside them are
 * pins: {@code pins/<generation>/<txId>/<name>}.
 */
public final class ArtefactKeys {

  private static final String ID = "([0-7][0-9a-f]{15})";
  private static final Pattern SNAPSHOT = Pattern.compile("([0-9a-f-]{25})/snapshots/" + ID);
  private static final Pattern SEGMENT =
      Pattern.compile("([0-9a-f-]{25})/segments/(0|[1-9][0-9]{0,3})/" + ID + "-" + ID);

  private static final Pattern PIN = Pattern.compile("pins/([0-9a-f-]{25})/" + ID + "/([^/]+)");

  private ArtefactKeys() {}

  /** Where a snapshot is kept. */
  public static ObjectKey snapshot(GenerationId generation, long txId) {
    return new ObjectKey(generation + "/snapshots/" + hex(txId));
  }

  /** Where a segment is kept. */
  public static ObjectKey segment(
      GenerationId generation, int level, long firstTxId, long lastTxId) {
    return new ObjectKey(
        generation + "/segments/" + level + "/" + hex(firstTxId) + "-" + hex(lastTxId));
  }

  /** Where a pin is kept. */
  public static ObjectKey pin(GenerationId generation, long txId, String name) {
    return new ObjectKey("pins/" + generation + "/" + hex(txId) + "/" + name);
  }

  /** The prefix of the keys of segments as captured that begin with a transaction. */
  public static String segmentsFrom(GenerationId generation, long firstTxId) {
    return generation + "/segments/0/" + hex(firstTxId) + "-";
  }

  /** The prefix of all keys of a generation's artefacts. */
  public static String prefix(GenerationId generation) {
    return generation + "/";
  }

  /** What an object is, by its key; empty if it is none of Stream's. */
  public static Optional<ArtefactDescriptor> parse(ObjectInfo object) {
    return parse(object, null);
  }

  /**
   * What an object is, by its key; empty if it is none of Stream's.
   *
   * @param likely the generation that it probably belongs to, which then is shared
   */
  static Optional<ArtefactDescriptor> parse(ObjectInfo object, @Nullable GenerationId likely) {
    String key = object.key().value();
    Matcher snapshot = SNAPSHOT.matcher(key);
    if (snapshot.matches() && GenerationId.isGenerationId(snapshot.group(1))) {
      return Optional.of(
          new SnapshotDescriptor(
              shared(snapshot.group(1), likely),
              id(snapshot.group(2)),
              object.size(),
              object.modifiedAt()));
    }
    Matcher segment = SEGMENT.matcher(key);
    if (segment.matches() && GenerationId.isGenerationId(segment.group(1))) {
      long first = id(segment.group(3));
      long last = id(segment.group(4));
      if (first >= 1 && last >= first) {
        return Optional.of(
            new SegmentDescriptor(
                shared(segment.group(1), likely),
                Integer.parseInt(segment.group(2)),
                first,
                last,
                object.size(),
                object.modifiedAt()));
      }
    }
    return Optional.empty();
  }

  /** The pin that an object is, by its key; empty if it is none. */
  public static Optional<PinDescriptor> parsePin(ObjectInfo object) {
    Matcher pin = PIN.matcher(object.key().value());
    if (!pin.matches()
        || !GenerationId.isGenerationId(pin.group(1))
        || !PinDescriptor.isName(pin.group(3))) {
      return Optional.empty();
    }
    return Optional.of(
        new PinDescriptor(
            pin.group(3),
            new GenerationId(pin.group(1)),
            id(pin.group(2)),
            object.key(),
            object.modifiedAt()));
  }

  private static GenerationId shared(String value, @Nullable GenerationId likely) {
    return likely != null && likely.value().equals(value) ? likely : new GenerationId(value);
  }

  private static String hex(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  private static long id(String hex) {
    return Long.parseLong(hex, 16);
  }
}
