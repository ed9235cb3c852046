package dev.stream.core.guard;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.LineageMark;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import dev.stream.core.upload.ReplicaUploader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from the replicas what takes the place of the last known state at run time unasked: it is
 * captured as ever, in a generation of its own that no replica gets until somebody accepts it, or
 * the right database is back. Safe for use by several threads; its lock is taken last.
 */
public final class LineageGuard {

  private static final Logger LOG = LoggerFactory.getLogger(LineageGuard.class);

  private final Path database;
  private final boolean outside;
  private final ShadowDirectory directory;
  private final LineageMark mark;
  private final List<ReplicaUploader> uploaders;
  private final StreamListener listener;
  private @Nullable Object file;
  private @Nullable HeldBackLineage held;

  /**
   * A guard.
   *
   * @param outside whether the database is followed from outside; what happens in the commit path
   *     is known from commit to commit
   * @param uploaders of the replicas; may yet be added to until {@link #begin}
   */
  public LineageGuard(
      Path database,
      boolean outside,
      ShadowDirectory directory,
      List<ReplicaUploader> uploaders,
      StreamListener listener)
      throws IOException {
    this.database = database;
    this.outside = outside;
    this.directory = directory;
    this.mark = new LineageMark(directory);
    this.uploaders = uploaders;
    this.listener = listener;
    this.held = HeldBackLineage.read(directory);
  }

  /** Before capture begins: what is held back stays so, unless that was accepted. */
  public synchronized void begin(boolean accepted) throws IOException {
    HeldBackLineage line = held;
    if (line != null && accepted) {
      HeldBackLineage.clear(directory);
      held = null;
    } else if (line != null) {
      tell(line);
    }
  }

  /** A base is taken. */
  public synchronized void taken() {
    if (held == null) {
      file = fileKey();
    }
  }

  /**
   * Judges what takes the place of the last state at run time.
   *
   * @return why a generation begins with it: it is held back, or is not any more; null if it may go
   *     on as it would without a guard
   */
  public synchronized @Nullable String judge(GenerationId generation, Replacement found)
      throws IOException {
    HeldBackLineage line = held;
    if (line != null) {
      return line.isGood(found.after())
          ? release("the database that was replicated is back", generation)
          : null;
    }
    Replacement replacement = found.inFile(isAnotherFile(), changedAt());
    String why = outside ? replacement.objection() : null;
    if (why == null) {
      return null;
    }
    String message =
        database
            + " would become the newest state of the replicas in place of the one that they hold,"
            + " so it is captured but not replicated: "
            + why
            + ". Choose: "
            // Whoever takes the first advice must not lose by it what may be the right database.
            + (replacement.isObjectedToByClock()
                ? accept(" (see whether it has the newest data)") + "; " + restore()
                : restore() + "; " + accept(""));
    HeldBackLineage begun =
        new HeldBackLineage(generation, found.before(), found.knownAt(), message);
    begun.write(directory); // before it can be taken for the line that replicas get
    held = begun;
    tell(begun);
    LOG.warn("{}", message);
    uploaders.forEach(
        uploader -> listener.onEvent(new StreamEvent.HeldBack(uploader.name(), message)));
    return "held back: " + why;
  }

  private String accept(String how) {
    return "if "
        + database
        + " is the right one"
        + how
        + ", create the empty file "
        + mark.acceptFile()
        + ", or start once with --accept-new-generation";
  }

  private String restore() {
    return "to have the former database back, stop what writes "
        + database
        + " and run 'stream restore --config FILE --output "
        + database
        + " --force', which discards what "
        + database
        + " has and the replica has not (replication goes on by itself, if Stream sees the former"
        + " one before it is written to)";
  }

  /**
   * Whether a database at the start is one that may go on without being asked for.
   *
   * @param ofReplica the newest state that a replica holds, if nothing is known here; else null
   * @return why a generation begins with it; null if that is yet to be judged
   */
  public synchronized @Nullable String admits(@Nullable DatabaseState ofReplica, DatabaseState base)
      throws IOException {
    HeldBackLineage line = held;
    if (line != null && line.isGood(base)) {
      return release("the database that was replicated is back", null);
    }
    boolean same =
        ofReplica != null
            && ofReplica.checksum() == base.checksum()
            && ofReplica.pageSize() == base.pageSize()
            && ofReplica.highWaterMark() == base.highWaterMark();
    return same ? "taken over: the database's content is what a replica holds" : null;
  }

  /** Whether a replica is to lose nothing, since something is held back from it. */
  public synchronized boolean isHolding() {
    return held != null;
  }

  /** An operator has accepted what is held back. Returns whether anything was. */
  public synchronized boolean accept() throws IOException {
    if (held == null) {
      return false;
    }
    String ignored = release("what takes its place was accepted", null);
    return true;
  }

  /**
   * Ends it.
   *
   * @param until the last generation that no replica is to get; null if they get all
   */
  private String release(String why, @Nullable GenerationId until) throws IOException {
    HeldBackLineage line = held;
    HeldBackLineage.clear(directory);
    held = null;
    for (ReplicaUploader uploader : uploaders) {
      uploader.release(line == null ? null : line.after(), until);
      listener.onEvent(new StreamEvent.HeldBackOver(uploader.name()));
    }
    LOG.info("{} is replicated again: {}", database, why);
    return why;
  }

  private void tell(HeldBackLineage line) {
    uploaders.forEach(uploader -> uploader.holdBack(line.after(), line.why()));
  }

  private boolean isAnotherFile() {
    Object now = fileKey();
    return file != null && now != null && !now.equals(file);
  }

  /** Looks at the path without opening what is there, which would drop locks of the process. */
  private @Nullable Object fileKey() {
    try {
      return Files.readAttributes(database, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable Instant changedAt() {
    try {
      return Files.getLastModifiedTime(database).toInstant();
    } catch (IOException e) {
      return null;
    }
  }
}
