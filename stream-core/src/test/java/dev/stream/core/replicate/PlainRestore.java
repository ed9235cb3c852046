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
import dev.stream.core.checksum.PageHash;
import dev.stream.core.codec.NoneCodecProvider;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Applies artefacts one after another: the simplest thing that can be right. */
final class PlainRestore {

  private PlainRestore() {}

  static ArchiveListing listing(ScriptedReplica replica) {
    List<ArtefactDescriptor> found = new ArrayList<>();
    replica.objects.forEach(
        (key, bytes) ->
            ArtefactKeys.parse(new ObjectInfo(key, bytes.length, Instant.EPOCH))
                .ifPresent(found::add));
    return ArchiveListing.of(found);
  }

  /** Proves that every state of every generation that can be reached is the model's; the newest. */
  static long provesAll(ScriptedReplica replica, Map<Long, byte[]> history) throws IOException {
    long newest = -1;
    for (GenerationListing generation : listing(replica).generations()) {
      newest = proves(replica, generation, history);
    }
    return newest;
  }

  private static long proves(
      ScriptedReplica replica, GenerationListing generation, Map<Long, byte[]> history)
      throws IOException {
    long reach = -1;
    for (SnapshotDescriptor snapshot : generation.snapshots()) {
      State state = new State();
      state.apply(replica, snapshot);
      assertThat(state.bytes).isEqualTo(history.get(snapshot.txId()));
      for (SegmentDescriptor segment : generation.segments()) {
        assertThat(segment.firstTxId() > snapshot.txId() || segment.lastTxId() <= snapshot.txId())
            .as("snapshot %s within %s", snapshot.key(), segment.key())
            .isTrue();
        if (segment.firstTxId() == state.txId + 1) {
          state.apply(replica, segment);
          assertThat(state.bytes)
              .as("state at %d after %s from %s", state.txId, segment.key(), snapshot.key())
              .isEqualTo(history.get(state.txId));
        } else {
          assertThat(segment.firstTxId())
              .as("hole on the way from %s in %s", snapshot.key(), generation)
              .isLessThanOrEqualTo(state.txId);
        }
      }
      reach = Math.max(reach, state.txId);
    }
    return reach;
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

  private static final class State {
    private byte[] bytes = new byte[0];
    private long txId;
    private long checksum;

    void apply(ScriptedReplica replica, ArtefactDescriptor artefact) throws IOException {
      try (ArtefactReader reader = open(replica, artefact)) {
        ArtefactHeader header = reader.header();
        if (artefact instanceof SegmentDescriptor) {
          assertThat(header.parentTxId()).isEqualTo(txId);
          assertThat(header.parentChecksum()).isEqualTo(checksum);
        }
        int pageSize = header.pageSize();
        bytes = Arrays.copyOf(bytes, (int) header.highWaterMark() * pageSize);
        reader.verify(
            (id, data, offset, length) ->
                System.arraycopy(data, offset, bytes, (int) (id - 1) * pageSize, length));
        long sum = 0;
        for (int page = 0; page < header.highWaterMark(); page++) {
          sum ^= PageHash.of(page + 1, bytes, page * pageSize, pageSize);
        }
        assertThat(header.checksum()).as("checksum of %s", artefact.key()).isEqualTo(sum);
        checksum = sum;
        txId = header.txId();
      }
    }
  }
}
