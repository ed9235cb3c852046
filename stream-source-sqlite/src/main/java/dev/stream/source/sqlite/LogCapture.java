package dev.stream.source.sqlite;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.ImageGivenUpException;
import dev.stream.api.database.PageFlushObserver;
import dev.stream.api.database.ResumePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One database being captured. While commits come it is held open ({@link Attachment}) and its log
 * is followed; when none comes, everything is let go of, and the database is only looked at ({@link
 * Watch}) until there is something to be followed again. Where continuity cannot be proven then,
 * capture begins anew from an image.
 *
 * <p>For use by one thread at a time, images excepted.
 */
final class LogCapture implements AutoCloseable {

  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** Commits that follow each other so closely are read together, and the pin is kept for them. */
  private static final long PUT_OFF_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long UNTOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long QUIET_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  private final Path configured;
  private final PageFlushObserver observer;
  private final LogFollower follower;
  private final HoldTime hold = new HoldTime();
  private final Images images;
  private final RightOfWay way = new RightOfWay();
  private final LogGrowth growth;
  private final Watch watch;
  private final ToldSignature signature;
  private final ReadingPace pace;
  private final AtomicBoolean told = new AtomicBoolean();
  private final FolderEvents events;

  private @Nullable Attachment attachment;
  private @Nullable Checkpointer checkpointer;
  private @Nullable String pendingReason;
  private long writtenBackAt = -1;
  private long lookedAt;
  private int mishaps;

  /**
   * @param configured path of the database file, links and all
   * @param wake called when there may be something to be captured before the next look is due, in
   *     any thread
   */
  LogCapture(Path configured, PageFlushObserver observer, Runnable wake) {
    this.configured = configured;
    this.observer = observer;
    this.follower = new LogFollower(observer);
    this.images = new Images(follower);
    this.growth = new LogGrowth(observer);
    this.signature = new ToldSignature(observer);
    this.events =
        new FolderEvents("stream-watch-" + configured.getFileName(), () -> happened(wake));
    this.watch = new Watch(configured, follower, events::tellSurely);
    this.pace = new ReadingPace(observer.deliveryDelay());
  }

  /** Begins; on return the observer has its base. */
  void start(@Nullable ResumePosition resume) throws IOException {
    try {
      WalChecksum.warmUp();
      follower.startAfter(resume == null ? 0 : resume.txId());
      JournalMode.toWal(configured.toRealPath(), observer);
      attach();
      Continuity continuity;
      try {
        continuity = proveContinuity(resume);
      } catch (PositionLostException e) {
        continuity = Continuity.lost(e.reason());
      }
      if (continuity.proven()) {
        observer.onBase(image(), continuity);
      } else {
        baseAnew(continuity.reason());
      }
    } catch (SQLException e) {
      throw Connections.explain("cannot capture", configured, e);
    } catch (PositionLostException e) {
      throw new IOException("cannot capture " + configured + ": " + e.reason(), e);
    }
  }

  private Continuity proveContinuity(@Nullable ResumePosition resume)
      throws IOException, SQLException, PositionLostException {
    if (resume == null) {
      return Continuity.lost("nothing was captured before");
    }
    Optional<LogPosition> from = LogPosition.parse(resume.token());
    if (from.isEmpty()) {
      return Continuity.lost("the write-ahead log held nothing to compare when capture ended");
    }
    return Continuity.proven(follower.resume(from.get()));
  }

  /**
   * Delivers what is committed, keeps the log short, and lets go when there is nothing to do.
   *
   * @param quietNanos for how long nothing was committed
   * @param patient whether a change that may still be going on is waited for, and commits may be
   *     put off; not, if somebody waits
   * @return whether anything was committed
   * @throws IOException if the database cannot be captured now, saying why; to be called again
   */
  boolean poll(long quietNanos, boolean patient) throws IOException {
    try {
      if (attachment == null && !comeBack(patient)) {
        return false;
      }
      String reason = pendingReason;
      if (reason != null) {
        baseAnew(reason);
        return true;
      }
      return follow(quietNanos, patient);
    } catch (PositionLostException e) {
      if (follower.isUnproven()) {
        mishaps++;
      }
      pendingReason = e.reason();
      return true;
    } catch (SQLException e) {
      // Whatever state the connections are in, the next look begins with new ones.
      letGo();
      watch.interrupted();
      throw Connections.explain("cannot follow the write-ahead log of", configured, e);
    }
  }

  /** Whether something is known to be there that was not delivered. */
  boolean isBehind() {
    return pendingReason != null || watch.isSettling();
  }

  /** Whether there are commits that are read later. */
  boolean hasPutOff() {
    return pace.hasPutOff();
  }

  /** The time until the next look, unless something wakes the thread before. */
  long waitNanos() {
    if (attachment != null) {
      // Where nothing holds the log, as between two bursts of commits, no look may be late.
      return attachment.guard().isPinned()
          ? pace.waitNanos(way.isWantedAtTimes())
          : ReadingPace.FAST_NANOS;
    }
    return events.isTelling() && !isBehind() ? watch.restNanos() : UNTOLD_NANOS;
  }

  /** What was captured last may be wrong or incomplete: the next look starts anew. */
  void doubt(String reason) {
    pendingReason = reason;
  }

  private boolean comeBack(boolean patient) throws IOException, SQLException {
    boolean was = told.getAndSet(false);
    boolean glance = events.isTelling() && patient && !was && pendingReason == null;
    LastLook.Finding finding = watch.look(patient, glance);
    if (finding == LastLook.Finding.NOTHING && pendingReason == null) {
      return false;
    }
    if (patient && finding != LastLook.Finding.NOTHING) {
      events.found(was);
    }
    String change = Watch.reason(finding);
    Path path = configured.toRealPath();
    if (finding == LastLook.Finding.REPLACED) {
      JournalMode.toWal(path, observer);
    } else {
      JournalMode.requireWal(path);
    }
    attach();
    if (change != null) {
      pendingReason = change;
    }
    hold.back(change != null, System.nanoTime());
    return true;
  }

  private void attach() throws IOException, SQLException {
    Attachment opened = Attachment.open(configured.toRealPath(), watch.index());
    attachment = opened;
    events.stop();
    follower.attach(opened.guard(), opened.wal(), opened.file(), watch.whole());
    watch.attached(opened);
    pace.begin();
    checkpointer = new Checkpointer(opened.guard(), opened.neighbours(), follower, mishaps, growth);
    writtenBackAt = -1;
  }

  private boolean follow(long quietNanos, boolean patient)
      throws IOException, SQLException, PositionLostException {
    Attachment open = attached();
    Checkpointer shortening = Objects.requireNonNull(checkpointer, "of what is open");
    LogGuard guard = open.guard();
    long now = System.nanoTime();
    boolean quiet = quietNanos >= QUIET_NANOS && !guard.isPinned();
    if (now - lookedAt >= (quiet ? QUIET_LOOK_NANOS : LOOK_NANOS)) {
      lookedAt = now;
      if (!open.isCurrent()) {
        deliverPutOff();
        images.giveUp();
        letGo();
        return false;
      }
    }
    WalIndex.State published = guard.published();
    boolean any = pace.looked(published, shortening.handOverAt());
    if (!guard.isPinned() && follower.isAtEnd(published) && !images.areOpen()) {
      rest(open, quietNanos);
      return false;
    }
    if (!guard.isPinned()) {
      guard.take();
      follower.unpinned();
    }
    if (patient
        && !follower.isUnproven()
        && !images.areOpen()
        && !way.isWanted()
        && (any || quietNanos < PUT_OFF_NANOS)
        && pace.putOff(published, follower.position())
        && (any || !way.isDue(open, quietNanos))) {
      return any;
    }
    any |= follower.capture();
    pace.read(!patient);
    shortening.run(System.nanoTime() - now, any ? 0 : quietNanos, pace.growth(), images.areOpen());
    if (images.areOpen()) {
      if (!any && way.isWantedUnseen(guard, open.neighbours(), quietNanos)) {
        images.askToGiveWay();
      }
      return any;
    }
    if (!guard.isPinned()) {
      way.wanted();
      return any;
    }
    if (way.isDue(open, any ? 0 : quietNanos)) {
      any |= way.give(open, follower);
    } else if (!any && quietNanos >= (way.isWanted() ? RightOfWay.CALM_NANOS : pinNanos())) {
      guard.release();
      follower.unpinned();
    }
    return any;
  }

  /** The log is still open here, though its path leads elsewhere: nobody else will read it. */
  private void deliverPutOff() throws IOException, SQLException {
    try {
      if (pace.hasPutOff()) {
        boolean unused = follower.capture();
      }
    } catch (PositionLostException e) {
      // What is at the path now is compared with what was captured, whatever this was.
    }
  }

  /** For how long without a commit the pin is kept. */
  private long pinNanos() {
    return pace.isSlow() ? PUT_OFF_NANOS : QUIET_NANOS;
  }

  /**
   * Waits for the next look where it must not be late; see {@link RightOfWay}.
   *
   * @param quietNanos for how long nothing was committed
   * @return whether it waited
   */
  boolean watchOut(long quietNanos) throws IOException {
    Attachment open = attachment;
    return open != null && way.watchOut(open, quietNanos);
  }

  /** Nothing is committed, and everything is captured. */
  private void rest(Attachment open, long quietNanos) throws IOException, SQLException {
    if (quietNanos < QUIET_NANOS) {
      return;
    }
    boolean others = quietNanos < HoldTime.MOST_NANOS && open.hasNeighbours();
    if (others) {
      return;
    }
    long frames = follower.position().frames();
    if (!hold.foundOthers() && writtenBackAt != frames) {
      // So that the file is whole, whatever is done to it and to its log from now on.
      boolean busy = open.guard().checkpoint().busy() && quietNanos < 2 * HoldTime.MOST_NANOS;
      writtenBackAt = busy ? -1 : frames;
      return;
    }
    FileStamp file = FileStamp.of(configured);
    if (quietNanos >= hold.nanos()
        && (quietNanos >= HoldTime.MOST_NANOS || file == null || file.isSettled())) {
      signature.tell(open);
      letGo();
    }
  }

  /** Closes everything that is open on the database. */
  private void letGo() throws IOException {
    Attachment open = attachment;
    if (open == null) {
      return;
    }
    attachment = null;
    checkpointer = null;
    pace.begin();
    FileStamp before = open.file().isCurrent() ? FileStamp.of(configured) : null;
    try {
      String lost = open.close();
      if (lost != null) {
        observer.onWarning(lost);
      }
    } catch (SQLException e) {
      throw Connections.explain("cannot let go of", configured, e);
    } finally {
      told.set(false);
      events.begin(open.path()); // before the look that says how things are now
      watch.letGo(open, before);
      hold.letGo(watch.foundOthers(), System.nanoTime());
    }
  }

  /** The newest commit, pinned; everything up to it has been delivered. */
  DatabaseImage image() throws IOException, PositionLostException {
    try {
      if (attachment == null) {
        JournalMode.requireWal(configured.toRealPath());
        attachForImage();
      }
    } catch (SQLException e) {
      throw Connections.explain("cannot take an image of", configured, e);
    }
    String reason = pendingReason;
    if (reason == null) {
      try {
        return image(follower::capture);
      } catch (PositionLostException e) {
        reason = e.reason();
        pendingReason = reason;
      }
    }
    baseAnew(reason);
    return image(follower::capture);
  }

  /**
   * Opens what was let go of. Where the file held everything by itself, and still is what it was
   * when it is open, it is the state that was captured last: nobody counted commits meanwhile, and
   * to compare would be to read all of it for each image.
   */
  private void attachForImage() throws IOException, SQLException {
    boolean whole = watch.isWhole();
    attach();
    if (whole && pendingReason == null) {
      follower.startAnew(follower.txId());
      if (follower.position().frames() > 0 || !watch.isUntouched()) {
        pendingReason = Watch.reason(LastLook.Finding.CHANGED);
      }
    }
  }

  private DatabaseImage image(Images.Step reachCommit) throws IOException, PositionLostException {
    return images.fix(attached(), reachCommit);
  }

  /** Whatever happened since the last flush counts as one transaction. */
  private void baseAnew(String reason) throws IOException, PositionLostException {
    long base = follower.txId() + 1;
    long began = System.nanoTime();
    boolean taken = false;
    while (!taken) {
      try {
        observer.onBase(image(() -> follower.startAnew(base)), Continuity.lost(reason));
        taken = true;
      } catch (ImageGivenUpException e) {
        stepAside(); // Courtesy ends: an image is read to its end at last.
      }
    }
    pendingReason = null;
    watch.compared(System.nanoTime() - began);
  }

  /** Lets the checkpointer have the log for which an image was given up. */
  private void stepAside() throws IOException {
    try {
      way.stepAside(attached(), follower);
    } catch (SQLException e) {
      throw Connections.explain("cannot release", configured, e);
    }
  }

  private Attachment attached() {
    if (attachment == null) {
      throw new IllegalStateException("capture of " + configured + " is not open");
    }
    return attachment;
  }

  /** Something has happened to the files of which nothing is open; from any thread. */
  private void happened(Runnable wake) {
    if (!told.getAndSet(true)) {
      wake.run();
    }
  }

  @Override
  public void close() throws IOException {
    try (events) {
      letGo();
    }
  }
}
