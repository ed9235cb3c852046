package dev.stream.core.shadow;

import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.shadow.ShadowRecovery.Recovered;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow directory holds of a database that is gone: everything captured is sealed, so that
 * a restore can take from here what no replica has yet. Deletes nothing.
 *
 * @param directory the directory
 * @param generation the newest generation in it; null if there is none
 * @param txId the last transaction captured in it; -1 if that cannot be told
 * @param unproven a log that cannot be sealed, for the database was lost before its checksums were
 *     proven; null if there is none, as nearly always
 * @param notices what an operator should know
 */
public record ShadowTail(
    ShadowDirectory directory,
    @Nullable GenerationId generation,
    long txId,
    @Nullable Path unproven,
    List<String> notices) {

  /** Recovers the directory and seals its logs. */
  public static ShadowTail seal(
      ShadowDirectory directory, CodecLookup codecs, ArtefactEncoding encoding) throws IOException {
    Recovered found = ShadowRecovery.recoverKeeping(directory, codecs);
    ActiveLog unproven = found.unproven();
    if (unproven != null) {
      unproven.close();
    }
    List<String> notices = new ArrayList<>(found.notices());
    keepTable(found, notices);
    SegmentSealer sealer = new SegmentSealer(directory, encoding, found.clocks());
    for (ClosedLog log : found.logs()) {
      try {
        sealer.seal(log, log.parentTxId(), new ConcurrentSkipListSet<>(), (segment, after) -> {});
      } catch (SegmentSealer.DamagedLogException e) {
        notices.add("set aside as " + directory.setAside(log.file()) + ": " + e.getMessage());
      }
    }
    DatabaseState end = found.state();
    if (end == null && found.generation() != null) {
      notices.add("where capture ended cannot be told: " + found.reason());
    }
    return new ShadowTail(
        directory,
        found.generation(),
        end == null ? -1 : end.txId(),
        unproven == null ? null : unproven.file(),
        notices);
  }

  /** What the table lacks goes with the logs: a start that goes on from here needs it. */
  private static void keepTable(Recovered found, List<String> notices) {
    DatabaseState end = found.state();
    GenerationId generation = found.generation();
    try (PageHashTable table = found.table()) {
      if (table != null && end != null && generation != null) {
        table.writeBack(generation, end);
      }
    } catch (IOException e) {
      notices.add("the table of page hashes cannot be written: " + e);
    }
  }

  /** Whether the directory alone has a snapshot of its newest generation to begin with. */
  public boolean standsAlone() throws IOException {
    return generation != null
        && directory
            .list()
            .generation(generation)
            .filter(g -> !g.snapshots().isEmpty())
            .isPresent();
  }

  /**
   * Sets aside what goes beyond a restored state, so that no start deletes it.
   *
   * @return where it is; empty if the restored state has everything that can be had
   */
  public List<Path> keepBeyond(GenerationId restored) throws IOException {
    List<Path> kept = new ArrayList<>();
    if (unproven != null && Files.exists(unproven)) {
      kept.add(directory.setAside(unproven));
    }
    if (generation != null && generation.compareTo(restored) > 0) {
      Path folder = directory.root().resolve(generation.value());
      if (Files.exists(folder)) {
        kept.add(directory.setAside(folder));
      }
    }
    return kept;
  }
}
