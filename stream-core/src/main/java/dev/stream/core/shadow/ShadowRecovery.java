package dev.stream.core.shadow;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.artefact.ArtefactException;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, after a stop of any kind, what the shadow directory holds and where capture ended.
 *
 * <p>Of each generation the sealed artefacts are the chain so far; the logs follow in the order of
 * their transactions, each as far as its records are whole, and no further than where its successor
 * begins. What does not continue the chain is discarded.
 */
public final class ShadowRecovery {

  /**
   * What was found.
   *
   * @param generation the newest generation, null if there is none
   * @param state where its capture ended; null if that cannot be told
   * @param reason why it cannot be told; else empty
   * @param sealedState the state after its newest sealed artefact or before its first log
   * @param sealed all sealed artefacts, ascending by key
   * @param clocks when the newest sealed state of each generation was captured, where that is told
   * @param logs logs to be sealed, in order
   * @param capturedAt when that state was captured; null if that is not told
   * @param table the hashes of that state's pages; null if they are not known
   * @param tables where the table is
   * @param unproven a log to go on with, whose checksums wait for the source's base
   * @param notices what an operator should know
   */
  public record Recovered(
      @Nullable GenerationId generation,
      @Nullable DatabaseState state,
      String reason,
      @Nullable DatabaseState sealedState,
      List<SealedArtefact> sealed,
      Map<GenerationId, CommitClock> clocks,
      List<ClosedLog> logs,
      @Nullable Instant capturedAt,
      @Nullable PageHashTable table,
      TableSlots tables,
      @Nullable ActiveLog unproven,
      List<String> notices) {}

  private final ShadowDirectory directory;
  private final CodecLookup codecs;
  private final boolean force;
  private final boolean keep;
  private final List<SealedArtefact> sealed = new ArrayList<>();
  private final Map<GenerationId, CommitClock> clocks = new TreeMap<>();
  private final List<ClosedLog> logs = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private @Nullable ActiveLog unproven;
  private final TableSlots tables;
  private final List<Path> spent = new ArrayList<>();
  private @Nullable TableReplay replay;
  private @Nullable ArtefactHeader sent;
  private @Nullable Instant capturedAt;
  private @Nullable DatabaseState state;
  private @Nullable DatabaseState sealedState;
  private String reason = "there is no earlier state in the shadow directory";

  private ShadowRecovery(
      ShadowDirectory directory, CodecLookup codecs, boolean force, boolean keep) {
    this.directory = directory;
    this.tables = new TableSlots(directory);
    this.codecs = codecs;
    this.force = force;
    this.keep = keep;
  }

  /** Looks through the directory; deletes only logs that hold nothing to be sealed. */
  public static Recovered recover(ShadowDirectory directory, CodecLookup codecs, boolean force)
      throws IOException {
    return new ShadowRecovery(directory, codecs, force, false).run();
  }

  /**
   * Looks through the directory of a database that is gone: what cannot be sealed is set aside
   * instead of deleted, since no snapshot can stand in for it.
   */
  static Recovered recoverKeeping(ShadowDirectory directory, CodecLookup codecs)
      throws IOException {
    return new ShadowRecovery(directory, codecs, false, true).run();
  }

  private record FoundLog(Path file, LogFormat.Header header) {}

  private Recovered run() throws IOException {
    ArchiveListing listing = directory.list();
    Map<GenerationId, List<FoundLog>> found = new TreeMap<>();
    for (Path file : directory.logs()) {
      try (LogReader reader = LogReader.open(file)) {
        requireItsOwn(file, reader.header());
        found
            .computeIfAbsent(reader.header().generation(), id -> new ArrayList<>())
            .add(new FoundLog(file, reader.header()));
      } catch (IOException e) {
        notices.add(file + " was removed: it holds no whole record (" + e.getMessage() + ")");
        Files.delete(file);
      }
    }
    for (GenerationListing generation : listing.generations()) {
      found.computeIfAbsent(generation.id(), id -> new ArrayList<>());
    }
    sent = SentSnapshot.noted(directory, notices);
    if (sent != null) {
      found.computeIfAbsent(new GenerationId(sent.generation()), id -> new ArrayList<>());
    }
    GenerationId newest = null;
    for (GenerationId id : List.copyOf(found.keySet())) {
      closeUnproven();
      boolean any = recover(id, listing, found.getOrDefault(id, List.of()));
      newest = any || newest == null ? id : newest;
    }
    PageHashTable table = table(newest);
    for (Path file : spent) {
      Files.delete(file);
    }
    return new Recovered(
        newest,
        state,
        state == null ? reason : "",
        sealedState,
        sealed,
        clocks,
        logs,
        capturedAt,
        table,
        tables,
        unproven,
        notices);
  }

  /** A machine that stops may leave a log that was moved and not yet written over. */
  private void requireItsOwn(Path file, LogFormat.Header header) throws IOException {
    if (!file.equals(directory.logFile(header.generation(), header.parent().txId() + 1))) {
      throw new IOException("it is the file of another log, which was sealed");
    }
  }

  /**
   * The table of the state; null if there is none, or none that is sound. It has in its file what
   * no log has any more when this returns.
   */
  private @Nullable PageHashTable table(@Nullable GenerationId newest) throws IOException {
    TableReplay found = replay;
    DatabaseState end = state;
    if (found != null && newest != null && end != null && found.isOf(end)) {
      PageHashTable table = found.table();
      if (!spent.isEmpty()) {
        try {
          table.writeBack(newest, end);
        } catch (IOException e) {
          notices.add("the table of page hashes cannot be written: " + e);
        }
      }
      return table;
    }
    if (found != null) {
      found.table().close();
      notices.add(
          "the table of page hashes is not that of the state captured last, and is made anew: a"
              + " doubt about that state is no matter of single pages until then");
    }
    tables.discard();
    return null;
  }

  private void openTable(GenerationId id) {
    TableReplay former = replay;
    replay = null;
    try {
      if (former != null) {
        former.table().close();
      }
      replay = tables.open(id);
    } catch (IOException e) {
      notices.add("the table of page hashes cannot be read: " + e);
    }
  }

  /** Whether the generation left anything. */
  private boolean recover(GenerationId id, ArchiveListing listing, List<FoundLog> found)
      throws IOException {
    DatabaseState chain = null;
    String trouble = "";
    Instant formerly = capturedAt;
    capturedAt = null;
    openTable(id);
    List<ArtefactDescriptor> artefacts =
        listing.generation(id).map(GenerationListing::artefacts).orElse(List.of());
    for (ArtefactDescriptor artefact : artefacts) {
      try {
        ArtefactHeader header = take(artefact);
        // At the same transaction the segment says the same as the snapshot.
        if (chain == null || header.txId() >= chain.txId()) {
          chain = reached(id, header);
        }
      } catch (ArtefactException e) {
        if (artefact instanceof SegmentDescriptor segment && segment.level() > 0) {
          withoutMerged(segment, e);
        } else {
          trouble = artefact.key() + " in the shadow directory cannot be used: " + e.getMessage();
        }
      } catch (IOException e) {
        trouble = artefact.key() + " in the shadow directory cannot be used: " + e.getMessage();
      }
    }
    ArtefactHeader begun = sent;
    boolean sentOnly =
        artefacts.isEmpty() && begun != null && begun.generation().equals(id.value());
    if (begun != null && sentOnly) {
      chain = reached(id, begun);
    }
    DatabaseState base = chain;
    int kept = logs.size();
    for (int i = 0; i < found.size(); i++) {
      FoundLog log = found.get(i);
      FoundLog next = i + 1 < found.size() ? found.get(i + 1) : null;
      DatabaseState parent = log.header().parent();
      if (chain == null && artefacts.isEmpty()) {
        chain = parent;
        base = parent;
      }
      if (chain == null || !continues(chain, parent)) {
        trouble = trouble.isEmpty() ? log.file() + " does not continue what is sealed" : trouble;
        discard(log.file(), trouble);
        continue;
      }
      chain = takeLog(id, log, next, chain);
    }
    boolean any = !artefacts.isEmpty() || sentOnly || logs.size() > kept || unproven != null;
    if (!any) {
      capturedAt = formerly;
      return false;
    }
    boolean resumable = trouble.isEmpty() && chain != null && !chain.position().isEmpty();
    state = resumable ? chain : null;
    sealedState = resumable ? base : null;
    reason = trouble.isEmpty() ? "the newest state says nothing of its position" : trouble;
    return true;
  }

  /**
   * Captured segments reach the newest state without it, so a merged one is nothing to doubt for.
   */
  private void withoutMerged(SegmentDescriptor merged, ArtefactException why) throws IOException {
    notices.add(
        merged.key() + " in the shadow directory was merged, and is no use: " + why.getMessage());
    if (!keep) {
      directory.delete(merged.key());
    }
  }

  private static boolean continues(DatabaseState chain, DatabaseState parent) {
    return parent.txId() < chain.txId()
        || (parent.txId() == chain.txId()
            && (!parent.proven() || !chain.proven() || parent.checksum() == chain.checksum()));
  }

  private ArtefactHeader take(ArtefactDescriptor artefact) throws IOException {
    try (ArtefactReader reader =
        ArtefactReader.open(
            ByteRangeSource.ofFile(directory.path(artefact.key())),
            artefact.key().value(),
            codecs)) {
      ArtefactHeader header = reader.header();
      String committed = header.additionalAttrs().get(ArtefactHeader.FIRST_COMMIT_AT);
      sealed.add(
          SealedArtefact.of(
              artefact, committed == null ? header.createdAt() : Instant.parse(committed)));
      return header;
    }
  }

  private DatabaseState reached(GenerationId id, ArtefactHeader header) {
    CommitClock clock = CommitClock.of(header);
    capturedAt = clock == null ? null : clock.lastCommitAt();
    if (clock != null) {
      clocks.put(id, clock);
    }
    return after(header);
  }

  private static DatabaseState after(ArtefactHeader header) {
    return DatabaseState.of(
        header.txId(),
        header.checksum(),
        header.pageSize(),
        header.highWaterMark(),
        header.additionalAttrs().getOrDefault(ArtefactHeader.POSITION, ""));
  }

  /** Takes what a log adds to the chain; returns the chain's new end. */
  private DatabaseState takeLog(
      GenerationId id, FoundLog log, @Nullable FoundLog next, DatabaseState chain)
      throws IOException {
    long limit = next == null ? Long.MAX_VALUE : next.header().parent().txId();
    LogRecord last = null;
    Instant first = null;
    TableReplay table = replay;
    try (LogReader reader = LogReader.open(log.file())) {
      LogReader.Pages pages = table == null ? (page, offset, data, at, length) -> {} : table;
      LogRecord record;
      while ((record = reader.next(pages)) != null && record.txId() <= limit) {
        if (table != null) {
          table.whole(record);
        }
        last = record;
        if (first == null && record.txId() > chain.txId()) {
          first = record.committedAt();
        }
      }
    }
    if (table != null) {
      table.torn();
    }
    if (last == null || first == null) {
      spent.add(log.file()); // once the table has what it says
      return chain;
    }
    capturedAt = last.committedAt();
    DatabaseState end = last.after();
    if (!end.proven() && next != null && next.header().parent().proven() && limit == end.txId()) {
      end = end.withChecksum(next.header().parent().checksum());
    }
    if (end.proven()) {
      logs.add(
          new ClosedLog(
              log.file(),
              id,
              Math.max(log.header().parent().txId(), chain.txId()),
              end,
              last.end(),
              first));
      return end;
    }
    if (next != null) {
      discard(log.file(), "its checksums were never proven");
      return chain;
    }
    unproven = ActiveLog.reopen(log.file(), last, first, force);
    return end;
  }

  private void closeUnproven() throws IOException {
    ActiveLog log = unproven;
    unproven = null;
    if (log != null) {
      log.close();
      discard(log.file(), "a newer generation began before its commits were proven");
    }
  }

  private void discard(Path log, String why) throws IOException {
    if (keep) {
      notices.add("set aside as " + directory.setAside(log) + ": " + why);
    } else {
      notices.add(log + " was removed: " + why);
      Files.delete(log);
    }
  }
}
