package dev.stream.core.capture;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseImage.Relation;
import dev.stream.core.guard.Admission;
import dev.stream.core.guard.CaptureGuards;
import dev.stream.core.guard.LastSignature;
import dev.stream.core.guard.LineageGuard;
import dev.stream.core.guard.Replacement;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.status.GenerationCause;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a base makes of the captured history: it goes on, what differs is captured as one, or a
 * generation begins. What may take the place of the last state is asked for before. For use with
 * capture's lock held.
 */
final class BaseCapture {

  private final CapturedHistory line;
  private final Admission admission;
  private final LineageGuard guard;
  private final LastSignature signature;
  private final ReentrantLock lock;
  private String unresumable;
  private @Nullable DatabaseState ofReplica;

  /**
   * For a history.
   *
   * @param unresumable why it cannot go on where a former process ended, if it cannot
   * @param lock that of capture
   */
  BaseCapture(CapturedHistory line, CaptureGuards guards, String unresumable, ReentrantLock lock) {
    this.line = line;
    this.admission = guards.admission();
    this.guard = guards.lineage();
    this.signature = guards.signature();
    this.lock = lock;
    this.unresumable = unresumable;
  }

  /** A replica holds this state, which is taken over if the database equals it. */
  void seed(DatabaseState held) {
    ofReplica = held;
    unresumable = "the database is not what a replica holds";
  }

  /** Takes a base; returns whether somebody else closes the image. With capture's lock held. */
  boolean take(DatabaseImage image, Continuity continuity) throws IOException {
    DatabaseState last = line.state();
    PageHashTable known = line.hashes().table();
    String taking = null;
    String tooMany = "";
    if (last != null && known != null && image.pageSize() == last.pageSize()) {
      ImageDifferences found = ImageDifferences.between(image, known, lock);
      DatabaseState base = BaseScan.state(image, found.checksum());
      String doubt = ContinuityJudge.doubt(last, base, continuity);
      if (doubt == null) {
        line.goOn(last, base, continuity);
        return false;
      }
      taking = admit(image, base, found.related());
      if (taking == null && found.fit()) {
        if (!line.isBased()) {
          line.resumed(last, ContinuityJudge.howDiffering(doubt));
        }
        line.catchUp(image, last, found.pages(), doubt);
        return false;
      }
      tooMany =
          taking != null
              ? ""
              : "; " + found.pages().size() + " pages differ, too many for one segment";
    }
    PageHashTable fresh = line.hashes().scan(image);
    boolean adopted = false;
    try {
      DatabaseState base = BaseScan.state(image, fresh.checksum());
      String doubt = last == null ? unresumable : doubt(last, base, continuity);
      if (last != null && doubt == null) {
        adopted = true;
        line.hashes().adopt(fresh, line.current(), last.withChecksum(base.checksum()));
        line.goOn(last, base, continuity);
        return false;
      }
      if (taking == null) {
        taking = admit(image, base, known == null);
      }
      adopted = true;
      String reason = whyBegun(taking, last == null, doubt) + tooMany;
      line.begin(base, fresh, cause(taking, last == null), reason, image);
      return true;
    } finally {
      if (!adopted) {
        fresh.close();
      }
    }
  }

  /**
   * Why a generation begins.
   *
   * @param taking why it does so in any case; null if only for the doubt
   * @param takenOver whether that is all there is to say: nothing was known here
   */
  private static String whyBegun(
      @Nullable String taking, boolean takenOver, @Nullable String doubt) {
    if (taking == null) {
      return doubt == null ? "" : doubt;
    }
    return takenOver || doubt == null ? taking : taking + ": " + doubt;
  }

  /** Of which kind that is. */
  private GenerationCause cause(@Nullable String taking, boolean unknown) {
    if (taking == null) {
      return unknown ? GenerationCause.NOTHING_KNOWN : GenerationCause.DOUBT;
    }
    return line.isBased() ? GenerationCause.REPLACED : GenerationCause.TAKEN_OVER;
  }

  /** Without the page hashes of the last state. */
  private @Nullable String doubt(DatabaseState last, DatabaseState base, Continuity continuity) {
    return last.proven()
        ? ContinuityJudge.doubt(last, base, continuity)
        : "the page hashes are not known with which transaction "
            + last.txId()
            + ", captured before the base, could be compared";
  }

  /**
   * Whatever takes the place of the last state, by a new generation or a catch-up, is asked for.
   *
   * @param related whether any page that tells something is what it was, or nobody can compare
   * @return why it begins a generation in any case; null if it need not
   */
  private @Nullable String admit(DatabaseImage image, DatabaseState base, boolean related)
      throws IOException {
    DatabaseState last = line.state();
    Replacement replacement = null;
    if (last != null) {
      // The source is asked only where the pages do not tell.
      Relation relation = related ? Relation.UNKNOWN : signature.relation(image);
      replacement = Replacement.of(last, line.knownAt(), base, related, relation);
    }
    if (line.isBased() && replacement != null) {
      return guard.judge(line.current(), replacement);
    }
    String takenOver = guard.admits(ofReplica, base);
    if (takenOver == null) {
      admission.admit(line.generation(), replacement, base);
    } else {
      admission.takesOver();
    }
    return takenOver;
  }
}
