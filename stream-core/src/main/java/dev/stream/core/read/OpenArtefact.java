package dev.stream.core.read;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.archive.SnapshotDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.plugin.CodecLookup;
import java.io.IOException;

/**
 * An artefact whose header and index have been read and are those that its key promises.
 *
 * @param descriptor what the listing said
 * @param reader reads its blocks
 * @param source where the reader reads
 */
public record OpenArtefact(
    ArtefactDescriptor descriptor, ArtefactReader reader, MeteredSource source) {

  /** Artefacts up to this size are fetched whole, in one request. */
  public static final int WHOLE = 512 * 1024;

  static OpenArtefact open(
      ReplicaArchive archive, ArtefactDescriptor descriptor, CodecLookup codecs, FetchMeter meter)
      throws IOException {
    String key = descriptor.key().value();
    MeteredSource source =
        new MeteredSource(archive.source(descriptor.key(), descriptor.size()), meter);
    meter.object();
    if (descriptor.size() > 0 && descriptor.size() <= WHOLE) {
      source.loadWhole();
    }
    ArtefactReader reader = ArtefactReader.open(source, key, codecs);
    requireAsNamed(key, descriptor, reader.header());
    return new OpenArtefact(descriptor, reader, source);
  }

  public ArtefactHeader header() {
    return reader.header();
  }

  /** Holds a header to the key under which it was found. */
  public static void requireAsNamed(
      String key, ArtefactDescriptor descriptor, ArtefactHeader header) throws ChainException {
    ArtefactKind kind =
        descriptor instanceof SnapshotDescriptor ? ArtefactKind.SNAPSHOT : ArtefactKind.SEGMENT;
    boolean same =
        header.kind() == kind
            && header.generation().equals(descriptor.generation().value())
            && header.txId() == descriptor.lastTxId();
    if (descriptor instanceof SegmentDescriptor segment) {
      same &= header.level() == segment.level() && header.parentTxId() == segment.parentTxId();
    }
    if (!same) {
      throw new ChainException(
          key
              + " holds another artefact: a "
              + header.kind().label()
              + " of generation "
              + header.generation()
              + ", level "
              + header.level()
              + ", transactions "
              + header.firstTxId()
              + " to "
              + header.txId()
              + "; somebody moved or overwrote it");
    }
  }
}
