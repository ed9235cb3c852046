package dev.stream.core.verify;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.artefact.BlockEntry;
import dev.stream.core.read.ArtefactDamage;
import dev.stream.core.read.ArtefactVisitor;
import dev.stream.core.read.BlockClaim;
import dev.stream.core.read.OpenArtefact;
import dev.stream.core.read.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads artefacts whole, each for itself, and remembers which are bad. */
final class ArtefactAudit implements ArtefactVisitor {

  private final Map<String, VerifiedArtefact> read;
  private final Map<String, IOException> bad = new ConcurrentHashMap<>();
  private final Progress progress;

  ArtefactAudit(Map<String, VerifiedArtefact> read, Progress progress) {
    this.read = read;
    this.progress = progress;
  }

  @Override
  public List<BlockClaim> opened(OpenArtefact artefact) {
    read.put(artefact.descriptor().key().value(), VerifiedArtefact.of(artefact));
    List<BlockClaim> all = new ArrayList<>();
    for (BlockEntry block : artefact.reader().blocks()) {
      all.add(new BlockClaim(block, List.of()));
    }
    return all;
  }

  @Override
  public void pages(long firstId, int count, byte[] data, int offset) {}

  @Override
  public void failed(ArtefactDescriptor artefact, IOException failure) throws IOException {
    if (!ArtefactDamage.isDamage(failure)) {
      throw failure;
    }
    bad.putIfAbsent(artefact.key().value(), failure);
  }

  @Override
  public void progressed(long bytes) {
    progress.add(bytes);
  }

  /** Why each bad artefact is bad, by key. */
  Map<String, IOException> bad() {
    return bad;
  }
}
