package dev.stream.core.restore;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.BlockEntry;
import dev.stream.core.artefact.PageRuns;
import dev.stream.core.file.PageRunSink;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.read.BlockClaim;
import dev.stream.core.read.FetchMeter;
import dev.stream.core.read.OpenArtefact;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An older copy of the database, from which blocks are taken that still are the same. Nothing is
 * believed of it but what a block's checksum proves. Safe for use by several threads.
 */
final class DeltaBase implements AutoCloseable {

  private final FileChannel channel;
  private final long length;
  private final CodecLookup codecs;
  private final Map<Form, Optional<Codec>> writers = new ConcurrentHashMap<>();

  private DeltaBase(FileChannel channel, long length, CodecLookup codecs) {
    this.channel = channel;
    this.length = length;
    this.codecs = codecs;
  }

  /** How an artefact was packed. */
  private record Form(String codec, CodecSettings settings) {}

  /** Opens the copy; null if there is none that could be read. */
  static @Nullable DeltaBase open(@Nullable Path file, CodecLookup codecs) {
    if (file == null || !Files.isRegularFile(file)) {
      return null;
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new DeltaBase(channel, channel.size(), codecs);
    } catch (IOException e) {
      return null; // It only saves fetching.
    }
  }

  /** Gives the sink the claimed pages of blocks that are in the copy; returns the other claims. */
  List<BlockClaim> missing(
      OpenArtefact artefact, List<BlockClaim> claims, PageRunSink sink, FetchMeter meter)
      throws IOException {
    Codec writer = writer(artefact.header());
    if (writer == null) {
      return claims;
    }
    int pageSize = artefact.header().pageSize();
    byte[] pages = new byte[claims.stream().mapToInt(c -> c.block().rawLength()).max().orElse(0)];
    List<BlockClaim> missing = new ArrayList<>();
    for (BlockClaim claim : claims) {
      if (read(claim.block().pages(), pageSize, pages) && same(claim.block(), pages, writer)) {
        for (BlockClaim.Run run : claim.runs()) {
          sink.pages(run.firstId(), run.count(), pages, run.position() * pageSize);
        }
        meter.reused(claim.block().storedLength());
      } else {
        missing.add(claim);
      }
    }
    return missing;
  }

  private @Nullable Codec writer(ArtefactHeader header) {
    CodecSettings settings =
        new CodecSettings(header.compressionLevel(), header.compressionWindow());
    return writers
        .computeIfAbsent(new Form(header.compression(), settings), this::writer)
        .orElse(null);
  }

  private Optional<Codec> writer(Form form) {
    try {
      return Optional.ofNullable(codecs.find(form.codec(), form.settings()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // Another version of the codec may know no such setting.
    }
  }

  private static boolean same(BlockEntry block, byte[] pages, Codec writer) {
    try {
      return ArtefactReader.holds(block, pages, writer);
    } catch (IOException e) {
      return false;
    }
  }

  /** Reads the pages of a block; false if the copy does not have them all. */
  private boolean read(PageRuns pages, int pageSize, byte[] target) {
    if (pages.lastId() > length / pageSize) {
      return false;
    }
    try {
      for (int run = 0; run < pages.runCount(); run++) {
        ByteBuffer rest =
            ByteBuffer.wrap(target, pages.position(run) * pageSize, pages.length(run) * pageSize);
        long at = (pages.firstId(run) - 1) * pageSize;
        while (rest.hasRemaining()) {
          int got = channel.read(rest, at);
          if (got < 0) {
            return false;
          }
          at += got;
        }
      }
      return true;
    } catch (IOException e) {
      return false; // A bad disk, perhaps the reason for the restore.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
