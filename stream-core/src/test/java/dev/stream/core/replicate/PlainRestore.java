package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.WholeReading;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.chain.RestorePlanner;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.state.RestoreTarget;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Applies each artefact by itself: the simplest thing that can be right. */
public final class PlainRestore {

  private PlainRestore() {}

  public static ArchiveListing listing(ScriptedReplica replica) {
    List<ArtefactDescriptor> found = new ArrayList<>();
    replica.objects.forEach(
        (key, bytes) ->
            ArtefactKeys.parse(new ObjectInfo(key, bytes.length, Instant.EPOCH))
                .ifPresent(found::add));
    return ArchiveListing.of(found);
  }

  /** Proves that every state of every generation that can be reached is the model's; the newest. */
  public static long provesAll(ScriptedReplica replica, Map<Long, byte[]> history)
      throws IOException {
    long newest = -1;
    for (GenerationListing generation : listing(replica).generations()) {
      newest = proves(replica, generation, history);
    }
    return newest;
  }

  /** The same of one generation. */
  static long proves(
      ScriptedReplica replica, GenerationListing generation, Map<Long, byte[]> history)
      throws IOException {
    for (SegmentDescriptor segment : generation.segments()) {
      byte[] parent = history.get(segment.parentTxId());
      assertThat(apply(replica, segment, parent))
          .as("state at %d after %s", segment.lastTxId(), segment.key())
          .isEqualTo(history.get(segment.lastTxId()));
    }
    long reach = -1;
    for (SnapshotDescriptor snapshot : generation.snapshots()) {
      assertThat(apply(replica, snapshot, new byte[0])).isEqualTo(history.get(snapshot.txId()));
      NavigableSet<Long> states = new TreeSet<>(List.of(snapshot.txId()));
      for (SegmentDescriptor segment : generation.segments()) {
        assertThat(
                segment.level() > 0 // of a merged one the planner's tests tell
                    || segment.firstTxId() > snapshot.txId()
                    || segment.lastTxId() <= snapshot.txId())
            .as("snapshot %s within %s", snapshot.key(), segment.key())
            .isTrue();
        if (states.contains(segment.parentTxId())) {
          states.add(segment.lastTxId());
        } else {
          assertThat(segment.firstTxId())
              .as("hole on the way from %s in %s", snapshot.key(), generation)
              .isLessThanOrEqualTo(snapshot.txId());
        }
      }
      reach = Math.max(reach, states.last());
    }
    return reach;
  }

  /** The database that the newest state of a replica is, as the planner has it. */
  public static byte[] newest(ScriptedReplica replica) throws IOException {
    RestorePlan plan = (RestorePlan) RestorePlanner.plan(listing(replica), RestoreTarget.NEWEST);
    byte[] bytes = apply(replica, plan.snapshot(), new byte[0]);
    for (SegmentDescriptor segment : plan.segments()) {
      bytes = apply(replica, segment, bytes);
    }
    return bytes;
  }

  /** What a segment makes of a state, or a snapshot of none. */
  private static byte[] apply(ScriptedReplica replica, ArtefactDescriptor artefact, byte[] parent)
      throws IOException {
    try (ArtefactReader reader = open(replica, artefact)) {
      ArtefactHeader header = reader.header();
      int pageSize = header.pageSize();
      if (artefact instanceof SegmentDescriptor segment) {
        assertThat(header.parentTxId()).isEqualTo(segment.parentTxId());
        assertThat(header.parentChecksum()).isEqualTo(checksum(parent, pageSize));
      }
      byte[] bytes = Arrays.copyOf(parent, (int) header.highWaterMark() * pageSize);
      WholeReading.of(
          reader,
          (id, data, offset, length) ->
              System.arraycopy(data, offset, bytes, (int) (id - 1) * pageSize, length));
      assertThat(header.checksum())
          .as("checksum of %s", artefact.key())
          .isEqualTo(checksum(bytes, pageSize));
      return bytes;
    }
  }

  private static long checksum(byte[] bytes, int pageSize) {
    long sum = 0;
    for (int at = 0; at < bytes.length; at += pageSize) {
      sum ^= PageHash.of(at / pageSize + 1, bytes, at, pageSize);
    }
    return sum;
  }

  /** What an artefact says of itself. */
  static ArtefactHeader header(ScriptedReplica replica, ArtefactDescriptor artefact)
      throws IOException {
    try (ArtefactReader reader = open(replica, artefact)) {
      return reader.header();
    }
  }

  private static ArtefactReader open(ScriptedReplica replica, ArtefactDescriptor artefact)
      throws IOException {
    byte[] content = replica.objects.get(artefact.key());
    ByteRangeSource source =
        new ByteRangeSource() {
          @Override
          public long size() {
            return content.length;
          }

          @Override
          public byte[] read(long offset, int length) {
            return Arrays.copyOfRange(content, (int) offset, (int) offset + length);
          }
        };
    return ArtefactReader.open(
        source,
        artefact.key().value(),
        name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS));
  }
}
