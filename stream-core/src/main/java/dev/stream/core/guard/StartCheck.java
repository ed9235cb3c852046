package dev.stream.core.guard;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import dev.stream.core.upload.NamedReplica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a database that is older than, or unrelated to, what a replica holds from becoming the
 * replica's newest state unasked: the good one would go when its retention ends. Judged once, at
 * the start; a replica that does not answer then is judged by its first listing. Safe for use by
 * several threads.
 */
public final class StartCheck implements Admission {

  private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String OVERTAKEN =
      "another Stream has replicated to this replica since this one ended, in a later generation";

  private static final String TO_COMPARE =
      " (see whether it has the newest data, and whether this machine's clock was ever ahead)";

  private final Path database;
  private final StartRules rules;
  private final LineageMark mark;
  private final List<NamedReplica> replicas;
  private final CodecLookup codecs;
  private volatile boolean accepted;
  private final @Nullable GenerationId lineage;
  private final Set<String> admitted = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private @Nullable ReplicaHeads heads;
  private boolean remembers;
  private volatile @Nullable GenerationId unproven;
  private volatile @Nullable NewGenerationRefusedException refusal;

  /**
   * Why a database must not be captured unasked.
   *
   * @param byClock whether nothing but times say so: those of a clock that was wrong lie
   */
  private record Objection(String why, boolean byClock) {
    static Objection of(String why) {
      return new Objection(why, false);
    }
  }

  /**
   * A check.
   *
   * @param lineage the newest generation in the shadow directory, also if it cannot be gone on
   *     with; null if there is none
   */
  public StartCheck(
      Path database,
      StartRules rules,
      ShadowDirectory directory,
      @Nullable GenerationId lineage,
      List<NamedReplica> replicas,
      CodecLookup codecs) {
    this.database = database;
    this.rules = rules;
    this.lineage = lineage;
    this.mark = new LineageMark(directory);
    this.replicas = List.copyOf(replicas);
    this.codecs = codecs;
    this.accepted = rules.acceptNewGeneration() || mark.isAccepted();
  }

  /**
   * Before capture begins.
   *
   * @param memory whether the shadow directory knows where capture ended
   * @return what to go on from if the database equals it; empty if the shadow directory has
   *     anything
   */
  public Optional<ReplicaHead> begin(boolean memory) throws IOException {
    remembers = memory;
    unproven = mark.unprovenSince();
    // What a damaged shadow directory has of a generation must not meet another end of it.
    return lineage == null ? heads().newest() : Optional.empty();
  }

  /**
   * Before a new generation begins at the start.
   *
   * @param generation the one that the shadow directory knows; null for none
   * @param base what the database is now
   * @throws NewGenerationRefusedException if it must not begin
   */
  @Override
  public synchronized void admit(
      @Nullable GenerationId generation, @Nullable Replacement replacement, DatabaseState base)
      throws IOException {
    if (accepted) {
      return;
    }
    if (remembers && rules.created()) {
      refuse(
          Objection.of("its file was missing, so it is a new one"), heads().newest().orElse(null));
    }
    if (remembers && replacement != null && rules.databaseChangedAt() != null) {
      // Which file it was is not remembered; whether it is an older copy is judged below.
      String why = replacement.objection();
      if (why != null) {
        refuse(Objection.of(why), heads().newest().orElse(null));
      }
    }
    for (ReplicaHead head : heads().found()) {
      Objection objection = objection(head, generation, base);
      if (objection != null) {
        refuse(objection, head);
      }
    }
  }

  private @Nullable Objection objection(
      ReplicaHead head, @Nullable GenerationId generation, DatabaseState base) {
    DatabaseState state = head.state();
    Instant committed = head.clock().lastCommitAt();
    Instant changed = rules.databaseChangedAt();
    GenerationId known = remembers ? generation : lineage;
    if (known == null) {
      return Objection.of(
          "its content is not what the replica holds, and the shadow directory does not know"
              + " where it comes from (an empty or new database, a lost volume, a copy of another"
              + " age)");
    }
    if (head.generation().compareTo(known) > 0) {
      return Objection.of(OVERTAKEN);
    }
    if (state != null && shrank(state, base)) {
      return Objection.of("it has only " + bytes(base) + " bytes");
    }
    if (state != null && changed != null && changed.isBefore(committed)) {
      return new Objection(
          "its files were last changed at "
              + changed
              + ", before the newest commit that the replica holds ("
              + committed
              + "): an older copy has taken its place, or a clock was wrong when either was noted",
          true);
    }
    return null;
  }

  /**
   * Whether nearly all of it is gone, whatever its pages' size is now. Of a database that the
   * application opened that tells nothing: one may be compacted by its own engine whenever it
   * closes.
   */
  private boolean shrank(DatabaseState before, DatabaseState base) {
    return rules.databaseChangedAt() != null && Replacement.isLoss(before, base);
  }

  private static long bytes(DatabaseState state) {
    return Replacement.bytes(state);
  }

  /** Whether an operator accepts what is new. */
  public boolean isAccepted() {
    return accepted;
  }

  /** An operator accepts it while it runs. Returns whether anything was refused. */
  public boolean accept() {
    boolean any = !refused.isEmpty();
    if (any) {
      accepted = true;
      unproven = null;
      refused.clear();
    }
    return any;
  }

  /**
   * Before a copy of a shadow directory begins a generation of its own.
   *
   * @throws NewGenerationRefusedException if a replica has transactions that it does not know
   */
  public synchronized void requireNotBehind(GenerationId generation, DatabaseState last)
      throws IOException {
    for (ReplicaHead head : accepted ? List.<ReplicaHead>of() : heads().found()) {
      DatabaseState theirs = head.state();
      int order = head.generation().compareTo(generation);
      if (order > 0 || (order == 0 && theirs != null && theirs.txId() > last.txId())) {
        refuse(
            Objection.of("the shadow directory is a copy of another one, from before that"), head);
      }
    }
  }

  @Override
  public synchronized void takesOver() {
    remembers = true;
  }

  /** A generation goes on or has begun. */
  public synchronized void began(GenerationStart start) {
    try {
      if (accepted) {
        mark.clear();
        unproven = null;
      } else if (lineage == null && !remembers && !start.resumed() && !heads().silent().isEmpty()) {
        mark.note(start.generation());
        unproven = mark.unprovenSince();
      }
    } catch (IOException e) {
      LOG.warn("the shadow directory cannot take a note on the new generation: {}", e.toString());
    }
    remembers = true;
  }

  /**
   * Before anything is stored on a replica.
   *
   * @throws NewGenerationRefusedException if it holds something that the database does not go on
   *     from; asked again, it says the same until that is accepted or moved away
   */
  public void admit(String replica, ArchiveListing listing) throws NewGenerationRefusedException {
    if (accepted || admitted.contains(replica)) {
      return;
    }
    GenerationId newest = listing.newest().map(GenerationListing::id).orElse(null);
    GenerationId since = unproven;
    boolean something = listing.generations().stream().anyMatch(one -> !one.snapshots().isEmpty());
    if (something && newest != null) {
      if (since != null && newest.compareTo(since) < 0) {
        refused.add(replica);
        throw refused(
            Objection.of(
                "when its capture began this replica could not be asked, and the shadow directory"
                    + " did not know where the database comes from"),
            ReplicaHead.unknown(replica, newest));
      }
    }
    admitted.add(replica);
  }

  /** Why capture did not begin; null if it was not refused. */
  public @Nullable NewGenerationRefusedException refusal() {
    return refusal;
  }

  private void refuse(Objection objection, @Nullable ReplicaHead head) throws IOException {
    NewGenerationRefusedException refused = refused(objection, head);
    refusal = refused;
    throw refused;
  }

  private NewGenerationRefusedException refused(Objection objection, @Nullable ReplicaHead head) {
    return new NewGenerationRefusedException(
        database
            + " would become the newest state of a replica that holds another one, so it is not"
            + " replicated there: "
            + objection.why()
            + ". "
            + (head == null ? "Nothing was changed" : head.describe() + "; nothing was changed")
            + ". Choose: "
            // Whoever takes the first advice must not lose by it what may be the right database.
            + (objection.byClock()
                ? accept(TO_COMPARE) + "; " + restore()
                : restore() + "; " + accept(""))
            + "; if it is another database, give it a path or prefix of its own on the replica");
  }

  private String accept(String how) {
    return "if "
        + database
        + " is the right one"
        + how
        + ", start once with --accept-new-generation, or create the empty file "
        + mark.acceptFile()
        + " (and start again, if it has ended; what the replica holds stays until"
        + " retention.snapshotRetention ends)";
  }

  private String restore() {
    return "to have the replica's database back, stop what writes "
        + database
        + " and run 'stream restore --config FILE --output "
        + database
        + " --force', which discards what "
        + database
        + " has and the replica has not";
  }

  private synchronized ReplicaHeads heads() throws IOException {
    ReplicaHeads known = heads;
    if (known == null) {
      known = ReplicaHeads.ask(replicas, codecs, PATIENCE);
      heads = known;
    }
    return known;
  }
}
