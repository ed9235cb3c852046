package dev.stream.core.follow;

import dev.stream.api.database.FollowedCopy;
import dev.stream.api.database.FollowedCopy.Outcome;
import dev.stream.api.database.PageFrames;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.SegmentDescriptor;
import dev.stream.core.follow.FollowPlanner.NextStep;
import dev.stream.core.plugin.PluginKind;
import dev.stream.core.plugin.PublishedPlugins;
import dev.stream.core.read.PageChanges;
import dev.stream.core.read.PageChanges.UnusableException;
import dev.stream.core.restore.RestoreState;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A copy on its way from state to state. For one thread. */
final class CopyUpdater implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CopyUpdater.class);
  private static final int PARALLELISM = 4;

  /** Segments found one by one before it is cheaper to list them all. */
  private static final int SINGLE_STEPS = 3;

  /** How long readers may keep a change waiting, and new readers wait along with it. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private final FollowerBuilder options;
  private final FollowPace pace;
  private final FollowedCopy copy;
  private FollowReplica source;
  private @Nullable CopyPosition at;
  private @Nullable FetchedState waiting;
  private String reason = "";
  private int snapshotsAhead;
  private @Nullable Instant committedAt;
  private String replica = "";
  private long changes;
  private long reseeds;
  private long bytesFetched;

  private CopyUpdater(FollowerBuilder options, FollowPace pace, FollowedCopy copy) {
    this.options = options;
    this.pace = pace;
    this.copy = copy;
    this.source = options.replicas.get(0);
  }

  static CopyUpdater open(FollowerBuilder options, FollowPace pace) throws IOException {
    PagedDatabaseProvider<?> provider = options.database;
    String type = provider == null ? new ReplicaSurvey(options).databaseType() : provider.type();
    if (provider == null) {
      provider = options.databases.find(type);
    }
    FollowedCopy copy = provider == null ? null : provider.follow(options.copy);
    if (copy == null) {
      throw new Follower.FatalException(
          "a copy of a database of type \""
              + type
              + "\" cannot be followed"
              + (provider == null
                  ? " here, as nothing that is installed knows the type: "
                      + PublishedPlugins.remedy(PluginKind.DATABASE, type)
                      + ". Or"
                  : ";")
              + " restore it now and then instead, 'restore --delta' fetches only what differs");
    }
    CopyUpdater opened = new CopyUpdater(options, pace, copy);
    try {
      opened.begin();
      return opened;
    } catch (IOException | RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  private void begin() throws IOException {
    if (copy.isStranger() && !options.force) {
      throw new Follower.FatalException(
          options.copy
              + " exists, and is no copy that is being followed: it is left as it is. Name another"
              + " file, or replace it with --force");
    }
    locate();
    CopyPosition found = at;
    if (found != null) {
      LOG.info("{} is at {}, proven; going on", options.copy, found);
    }
  }

  /** Finds out which state the copy is in, and proves that. */
  private void locate() throws IOException {
    at = null;
    String note = copy.note();
    CopyPosition noted = note == null ? null : CopyPosition.parse(note);
    if (noted != null && CopyProof.holds(copy, noted)) {
      at = noted;
    } else if (noted != null) {
      reason = "its pages are not those of " + noted;
    } else if (!Files.exists(options.copy)) {
      reason = "there is no copy yet";
    } else {
      String foreign = copy.isChangeable() ? "somebody else has changed it" : "it is damaged";
      reason = copy.isStranger() ? "it replaces another file" : foreign;
    }
  }

  Duration step() throws IOException {
    FetchedState fetched = waiting;
    if (fetched != null) {
      waiting = null;
      moveTo(fetched);
      return pace.moved();
    }
    CopyPosition here = at;
    if (here == null) {
      reseed(reason);
      return pace.moved();
    }
    NextStep way = look(here);
    if (way instanceof NextStep.Advance advance) {
      snapshotsAhead = 0;
      return advance(here, advance.segments());
    }
    if (way instanceof NextStep.Reseed ahead) {
      snapshotsAhead++;
      if (ahead.certain() || snapshotsAhead > 1) {
        reseed(ahead.reason());
        return pace.moved();
      }
      pace.wantWide(); // The segments may be on their way.
      return pace.idle();
    }
    snapshotsAhead = 0;
    if (changes + reseeds == 0 && replica.isEmpty()) {
      replica = source.name();
      current();
    }
    return pace.idle();
  }

  private NextStep look(CopyPosition here) throws IOException {
    if (!pace.wideDue(options.nanoTime.getAsLong())) {
      List<SegmentDescriptor> next =
          source.archive(options.retry).following(here.generation(), here.txId());
      ArchiveListing found = ArchiveListing.of(next);
      return FollowPlanner.plan(found, here, source.unusable());
    }
    long now = options.nanoTime.getAsLong();
    if (pace.isWideTime(now)) {
      // They may have been mended.
      options.replicas.forEach(each -> each.unusable().clear());
    }
    ReplicaSurvey.Seen seen = new ReplicaSurvey(options).wide(here, source);
    pace.looked(now);
    if (seen.way().destination().isEmpty()) {
      throw new IOException(
          "no replica that can be listed holds generation "
              + here.generation()
              + " any more, nor a later one: it is at "
              + here
              + ", and nothing leads on from there. If a replica was emptied or moved, see to that;"
              + " to follow another database, name another file");
    }
    if (seen.replica() != source) {
      LOG.info("{} follows replica {} from now on", options.copy, seen.replica().name());
      source = seen.replica();
    }
    return seen.way();
  }

  private Duration advance(CopyPosition here, List<SegmentDescriptor> segments) throws IOException {
    CopyPosition from = here;
    List<SegmentDescriptor> wanted = segments;
    for (int step = 1; ; step++) {
      CopyPosition reached = apply(from, wanted);
      if (reached == null) {
        return pace.moved();
      }
      from = reached;
      wanted = source.archive(options.retry).following(from.generation(), from.txId());
      if (wanted.isEmpty()) {
        return pace.moved();
      }
      wanted =
          FollowPlanner.segments(
              ArchiveListing.of(wanted).generations().get(0), from.txId(), source.unusable());
      if (step == SINGLE_STEPS || wanted.isEmpty()) {
        pace.wantWide();
        return Duration.ZERO;
      }
    }
  }

  /** Where the copy is then; null if it could not be moved. */
  private @Nullable CopyPosition apply(CopyPosition from, List<SegmentDescriptor> segments)
      throws IOException {
    PageChanges fetched = fetch(from, segments);
    try {
      bytesFetched += fetched.bytesFetched();
      if (!leadsOn(from, segments, fetched)) {
        fetched.close();
        return null;
      }
    } catch (IOException | RuntimeException e) {
      fetched.close();
      throw e;
    }
    FetchedState next = FetchedChanges.of(fetched, from, source.name());
    return moveTo(next) ? next.to() : null;
  }

  private PageChanges fetch(CopyPosition from, List<SegmentDescriptor> segments)
      throws IOException {
    try {
      return PageChanges.fetch(
          source.archive(options.retry),
          segments,
          from.base(),
          options.copy,
          options.codecs,
          PARALLELISM);
    } catch (UnusableException e) {
      ArtefactDescriptor artefact = e.artefact();
      if (artefact != null) {
        source.unusable().add(artefact.key());
      } else {
        segments.forEach(segment -> source.unusable().add(segment.key()));
      }
      throw new IOException(
          source.name() + ": " + e.getMessage() + ". Other artefacts are tried instead", e);
    }
  }

  /** Whether the copy becomes what was captured; false if it is no longer what it was. */
  private boolean leadsOn(CopyPosition from, List<SegmentDescriptor> segments, PageChanges fetched)
      throws IOException {
    if (CopyProof.holds(copy, from, fetched)) {
      return true;
    }
    locate();
    if (at == null) {
      return false;
    }
    segments.forEach(segment -> source.unusable().add(segment.key()));
    throw new IOException(
        source.name()
            + ": the segments up to transaction "
            + fetched.after().txId()
            + " do not lead from transaction "
            + from.txId()
            + " to the database checksum that was captured. Other artefacts are tried instead");
  }

  /**
   * Makes the copy another state, and is done with what was fetched of that, unless readers are in
   * the way: then it is kept for the next step.
   *
   * @return false if somebody else has changed the copy
   */
  private boolean moveTo(FetchedState next) throws IOException {
    boolean kept = false;
    try {
      Outcome outcome = change(next);
      if (outcome == Outcome.BUSY) {
        waiting = next;
        kept = true;
        throw busy();
      }
      if (outcome == Outcome.CHANGED) {
        arrived(next);
        return true;
      }
      at = null;
      reason = "somebody else has changed it";
      return false;
    } finally {
      if (!kept) {
        next.close();
      }
    }
  }

  private Outcome change(FetchedState next) throws IOException {
    CopyPosition to = next.to();
    try {
      PageFrames frames = next.changes(copy);
      return copy.change(to.pageSize(), to.highWaterMark(), frames, to.note(), PATIENCE);
    } catch (IOException e) {
      try {
        locate(); // It may be in the old state or in the new one.
      } catch (IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private IOException busy() {
    return new IOException(
        "somebody has been reading it for longer than "
            + PATIENCE.toMillis()
            + " ms; until that read transaction ends it cannot be changed, and falls behind");
  }

  /** Restores the newest state there is beside the copy, and makes the copy equal to it. */
  private void reseed(String why) throws IOException {
    LOG.info("restoring {}: {}", options.copy, why);
    options.listener.onReseed(why);
    boolean there = copy.isChangeable();
    CopySeed seed = CopySeed.restore(options);
    try {
      RestoreState restored = seed.restored();
      restored.warnings().forEach(warning -> LOG.warn("{}", warning));
      bytesFetched += restored.bytesFetched();
      requireNewer(seed.to());
      if (!there) {
        copy.begin(restored.path(), seed.to().note());
      }
    } catch (IOException | RuntimeException e) {
      seed.close();
      throw e;
    }
    options.replicas.forEach(each -> each.unusable().clear());
    snapshotsAhead = 0;
    pace.wantWide();
    if (!there) {
      arrived(seed);
    } else if (!moveTo(seed)) {
      locate();
      throw new IOException("somebody else has just changed it");
    }
  }

  /** A copy that is sound never goes back, whatever replicas have lost. */
  private void requireNewer(CopyPosition to) throws IOException {
    CopyPosition here = at;
    if (here != null && to.isBefore(here)) {
      throw new IOException("it is at " + here + ", and all that can be restored now is " + to);
    }
  }

  private void arrived(FetchedState now) {
    at = now.to();
    replica = now.replica();
    committedAt = now.committedAt();
    changes += now.isWhole() ? 0 : 1;
    reseeds += now.isWhole() ? 1 : 0;
    LOG.debug("{} is at {}", options.copy, at);
    current();
  }

  private void current() {
    CopyPosition here = at;
    if (here != null) {
      options.listener.onCurrent(
          new FollowStatus(
              options.copy,
              replica,
              here.generation(),
              here.txId(),
              committedAt,
              here.checksum(),
              changes,
              reseeds,
              bytesFetched));
    }
  }

  @Override
  public void close() throws IOException {
    FetchedState fetched = waiting;
    waiting = null;
    try (copy) {
      if (fetched != null) {
        fetched.close();
      }
    }
  }
}
