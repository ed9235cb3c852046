package dev.stream.core.follow;

import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.GenerationListing;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.follow.FollowPlanner.NextStep;
import dev.stream.core.retry.FailureText;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at what all replicas hold. For one thread. */
final class ReplicaSurvey {

  private final FollowerBuilder options;

  ReplicaSurvey(FollowerBuilder options) {
    this.options = options;
  }

  /**
   * What was seen.
   *
   * @param replica where the copy gets furthest
   * @param way how
   */
  record Seen(FollowReplica replica, NextStep way) {}

  /**
   * Lists every replica, and takes the one that leads furthest; of equals the preferred one.
   *
   * @throws IOException if none could be listed
   */
  Seen wide(CopyPosition at, FollowReplica preferred) throws IOException {
    Seen best = null;
    IOException failure = null;
    for (FollowReplica replica : options.replicas) {
      try {
        ArchiveListing listing = replica.archive(options.retry).list();
        Seen seen = new Seen(replica, FollowPlanner.plan(listing, at, replica.unusable()));
        int order = best == null ? 1 : compare(seen, best);
        if (best == null || order > 0 || (order == 0 && replica == preferred)) {
          best = seen;
        }
      } catch (IOException e) {
        failure = collected(failure, replica, e);
      }
    }
    if (best == null) {
      throw failure == null ? new IOException("there is no replica") : failure;
    }
    return best;
  }

  private static int compare(Seen one, Seen other) {
    return one.way().destination().compareTo(other.way().destination());
  }

  /** The type of database that the newest artefact names. */
  String databaseType() throws IOException {
    IOException failure = null;
    for (FollowReplica replica : options.replicas) {
      try {
        ReplicaArchive archive = replica.archive(options.retry);
        ArtefactDescriptor newest = newest(archive.list());
        if (newest == null) {
          continue;
        }
        String key = newest.key().value();
        try (ByteRangeSource source = archive.source(newest.key(), newest.size())) {
          String type =
              ArtefactReader.readHeader(source, key).additionalAttrs().get(ArtefactHeader.DATABASE);
          if (type != null) {
            return type;
          }
        }
      } catch (IOException e) {
        failure = collected(failure, replica, e);
      }
    }
    throw failure == null ? new IOException("no replica has anything to restore yet") : failure;
  }

  private static @Nullable ArtefactDescriptor newest(ArchiveListing listing) {
    List<ArtefactDescriptor> all =
        listing.newest().map(GenerationListing::artefacts).orElse(List.of());
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  private static IOException collected(
      @Nullable IOException before, FollowReplica replica, IOException e) {
    String message = replica.name() + ": " + FailureText.of(e);
    return new IOException(before == null ? message : before.getMessage() + "; " + message, e);
  }
}
