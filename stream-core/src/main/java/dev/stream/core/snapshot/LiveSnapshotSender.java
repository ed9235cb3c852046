package dev.stream.core.snapshot;

import dev.stream.api.file.DurableOutput;
import dev.stream.core.schedule.SnapshotBounds;
import dev.stream.core.shadow.GenerationStart;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowSpace;
import dev.stream.core.shadow.ShadowSpace.NoRoomException;
import dev.stream.core.upload.ArtefactBodies;
import dev.stream.core.upload.LiveSnapshot;
import dev.stream.core.upload.LiveSnapshot.Progress;
import dev.stream.core.upload.ReplicaUploader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the replicas take a snapshot from the pinned image, each at its own pace, and lets go of the
 * image as soon as nobody needs it, or when holding it would do harm: then what is not taken yet is
 * taken from a copy in the shadow directory if there is room for one, else from another image.
 */
public final class LiveSnapshotSender {

  private static final Logger LOG = LoggerFactory.getLogger(LiveSnapshotSender.class);
  private static final long LOOK_MILLIS = 20;
  private static final int PIECE = 1 << 20;

  /** What part of what the image may cost otherwise it may cost where the disk is nearly full. */
  private static final int NO_ROOM = 64;

  private final ShadowDirectory directory;
  private final ShadowSpace space;
  private final Supplier<LiveSnapshots> contents;
  private final List<ReplicaUploader> uploaders;
  private final ArtefactBodies bodies;
  private final SnapshotBounds bounds;

  public LiveSnapshotSender(
      ShadowDirectory directory,
      ShadowSpace space,
      Supplier<LiveSnapshots> contents,
      List<ReplicaUploader> uploaders,
      ArtefactBodies bodies,
      SnapshotBounds bounds) {
    this.directory = directory;
    this.space = space;
    this.contents = contents;
    this.uploaders = uploaders;
    this.bodies = bodies;
    this.bounds = bounds;
  }

  /** The room that a copy needs. */
  ShadowSpace space() {
    return space;
  }

  /**
   * Sends it, and lets go of its image.
   *
   * @param databaseBytes length of the database
   * @return whether no replica has to do without it
   * @throws IOException if the image had to be let go of before and there is no room for a copy
   */
  boolean send(
      LiveSnapshot live, GenerationStart start, long databaseBytes, SnapshotWriter.Need need)
      throws IOException, InterruptedException {
    boolean without;
    try (live) {
      long heldBefore = live.heldBytes();
      bodies.begun(live);
      contents.get().addLive(live.artefact());
      hold(live, heldBefore, start, databaseBytes, need);
    } finally {
      bodies.ended();
      without = contents.get().removeLive(live.artefact());
    }
    return !without;
  }

  private void hold(
      LiveSnapshot live,
      long heldBefore,
      GenerationStart start,
      long databaseBytes,
      SnapshotWriter.Need need)
      throws IOException, InterruptedException {
    Set<String> lost = new TreeSet<>();
    long begun = System.nanoTime();
    long limit = bounds.heldLimit(databaseBytes);
    boolean told = false;
    while (isAwaited(live, start, need, lost)) {
      long held = live.heldBytes();
      boolean costly = held - heldBefore > (space.hasRoomFor(0) ? limit : limit / NO_ROOM);
      boolean slow = System.nanoTime() - begun > bounds.patience().toNanos();
      if (costly || slow) {
        String why = why(live, held, costly);
        if (space.hasRoomFor(live.size())) {
          copy(live, why, need);
          return;
        }
        String noRoom = "a copy of " + live.size() + " bytes has no room: " + space.shortage();
        if (costly) {
          throw new NoRoomException(why + "; " + noRoom);
        }
        if (!told) {
          told = true;
          LOG.warn("{}; the image of the database is held for that long, since {}", why, noRoom);
        }
      }
      need.held();
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private List<ReplicaUploader> awaiting(LiveSnapshot live) {
    return uploaders.stream().filter(uploader -> uploader.awaits(live.artefact())).toList();
  }

  private String why(LiveSnapshot live, long held, boolean costly) {
    List<String> names = awaiting(live).stream().map(ReplicaUploader::name).toList();
    return names
        + (names.size() == 1 ? " takes" : " take")
        + " long for the snapshot at transaction "
        + live.artefact().lastTxId()
        + (costly ? ", and the image that it is taken from costs " + held + " bytes by now" : "");
  }

  /** Whether it makes sense to hold on to the image; notes for whom it does not. */
  private boolean isAwaited(
      LiveSnapshot live, GenerationStart start, SnapshotWriter.Need need, Set<String> lost) {
    boolean any = false;
    boolean lacking = false;
    for (ReplicaUploader uploader : awaiting(live)) {
      if (isLost(live, uploader, lost)) {
        continue;
      }
      any = true;
      lacking |= !uploader.hasSnapshotOf(start.generation());
    }
    boolean ending = need.isEnding() || (need.isCancelled() && !lacking);
    if (any && (ending || !need.isCurrent(start))) {
      throw new CancellationException(ending ? "closing" : "another generation has begun");
    }
    return any;
  }

  /** Whether a replica holds up the others, and the image, without getting any further. */
  private boolean isLost(LiveSnapshot live, ReplicaUploader uploader, Set<String> known) {
    String name = uploader.name();
    Progress progress = live.progress(name);
    boolean all = live.hasGivenAll(progress);
    long idle = System.nanoTime() - progress.at();
    boolean lost =
        idle > (all ? bounds.completion() : bounds.stall()).toNanos()
            || progress.attempts() > bounds.attempts();
    if (!lost) {
      return known.contains(name); // it may take it all the same, as long as it is there
    }
    if (known.add(name)) {
      String error = uploader.error();
      LOG.warn(
          "replica {} does not take the snapshot at transaction {} ({}); the image of the database"
              + " is not held on to for it, and it gets another one when it can take it",
          name,
          live.artefact().lastTxId(),
          error == null
              ? "it took nothing for " + TimeUnit.NANOSECONDS.toSeconds(idle) + " s"
              : error);
    }
    return true;
  }

  /** Makes the copy, beside which uploads that are under way go on. */
  private void copy(LiveSnapshot live, String why, SnapshotWriter.Need need) throws IOException {
    SealedArtefact artefact = live.artefact();
    LOG.warn(
        "{}; it is copied to the shadow directory, {} bytes, until they have it", why, live.size());
    Path temporary = directory.temporary(artefact.key());
    try {
      write(live, temporary, need);
      directory.publish(temporary, artefact.key());
    } finally {
      Files.deleteIfExists(temporary);
    }
    live.copied(directory.path(artefact.key()));
    contents.get().storedLive(artefact);
  }

  private void write(LiveSnapshot live, Path file, SnapshotWriter.Need need) throws IOException {
    byte[] piece = new byte[PIECE];
    try (InputStream in = live.open();
        FileChannel out =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      DurableOutput output = new DurableOutput(out);
      int count;
      while ((count = in.readNBytes(piece, 0, piece.length)) > 0) {
        if (need.isEnding()) {
          throw new CancellationException("closing");
        }
        space.requireRoomFor(count, "a copy of the snapshot");
        output.write(ByteBuffer.wrap(piece, 0, count));
      }
      output.finish();
    }
  }
}
