package dev.stream.core.guard;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.upload.HeldBackException;
import dev.stream.core.upload.ReplicaUploader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two Streams that meet on a replica. The one that finds there what it has not written stops, and
 * goes on when that is gone, or when an operator accepts that its line takes the other's place:
 * once for each replica, or two of them would answer each other for ever. Safe for use by several
 * threads.
 */
public final class WriterConflicts {

  private static final Logger LOG = LoggerFactory.getLogger(WriterConflicts.class);

  private final Path database;
  private final LineageMark mark;
  private final StreamListener listener;
  private final Set<String> accepted = new HashSet<>();
  private final Set<String> met = new HashSet<>();
  private final Map<String, String> collisions = new HashMap<>();

  /**
   * WriterConflicts.
   *
   * @param acceptedBy the replicas for which it was accepted at the start
   */
  public WriterConflicts(
      Path database, LineageMark mark, List<String> acceptedBy, StreamListener listener) {
    this.database = database;
    this.mark = mark;
    this.listener = listener;
    accepted.addAll(acceptedBy);
  }

  public synchronized boolean isAccepted(ReplicaUploader uploader) {
    return accepted.contains(uploader.name());
  }

  /** A replica has what another wrote. Returns what is to be thrown. */
  public synchronized HeldBackException met(ReplicaUploader uploader, String what) {
    String message =
        "another Stream writes to replica "
            + uploader.name()
            + ", or this machine was set back: it has "
            + what
            + ", which is not in the shadow directory. Nothing is stored there and nothing deleted;"
            + " commits of "
            + database
            + " stay in the shadow log. Choose: stop whichever must not write there; if "
            + database
            + " here is the right one, create the empty file "
            + mark.acceptFile()
            + ", or start once with --accept-new-generation (what the other wrote stays until"
            + " retention.snapshotRetention ends); else restore from the replica and start again";
    uploader.refuse(message);
    if (met.add(uploader.name())) {
      listener.onEvent(new StreamEvent.HeldBack(uploader.name(), message));
    }
    return new HeldBackException(message);
  }

  /** A replica has an artefact of another's under a name of ours, which no listing tells. */
  public synchronized HeldBackException collided(ReplicaUploader uploader, String what) {
    collisions.put(uploader.name(), what);
    return met(uploader, what);
  }

  /** The artefact of another's that a replica has under a name of ours; null if it has none. */
  public synchronized @Nullable String collision(ReplicaUploader uploader) {
    return collisions.get(uploader.name());
  }

  /** A replica has nothing of another's, or that was accepted. */
  public synchronized void over(ReplicaUploader uploader) {
    accepted.remove(uploader.name());
    collisions.remove(uploader.name());
    boolean wasRefused = uploader.admit();
    if (met.remove(uploader.name()) || wasRefused) {
      LOG.info("replica {} is written again", uploader.name());
      listener.onEvent(new StreamEvent.HeldBackOver(uploader.name()));
    }
  }

  /** An operator has accepted what replicas have met. Returns whether there was any. */
  public synchronized boolean accept() {
    accepted.addAll(met);
    return !met.isEmpty();
  }
}
