package dev.stream.core.restore;

import dev.stream.api.database.CheckImpossibleException;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.CommitClock;
import dev.stream.core.chain.RestorePlan;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.file.RestoreFile;
import dev.stream.core.plugin.PluginKind;
import dev.stream.core.plugin.PublishedPlugins;
import dev.stream.core.read.ArtefactDamage;
import dev.stream.core.read.ArtefactVisitor;
import dev.stream.core.read.BlockClaim;
import dev.stream.core.read.BlockFetchPipeline;
import dev.stream.core.read.ChainCheck;
import dev.stream.core.read.ChainException;
import dev.stream.core.read.ChecksumSum;
import dev.stream.core.read.FetchMeter;
import dev.stream.core.read.OpenArtefact;
import dev.stream.core.read.PageClaims;
import dev.stream.core.read.Progress;
import dev.stream.core.retry.FailureText;
import dev.stream.core.timeline.RestoreOffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt to restore, from one replica. */
final class RestoreRun implements ArtefactVisitor, AutoCloseable {

  private final RestorerBuilder options;
  private final RestoreDestination destination;
  private final RestoreOffer offer;
  private final @Nullable DeltaBase old;
  private final String reason;
  private final Progress progress;
  private final long startedAt = System.nanoTime();
  private final FetchMeter meter = new FetchMeter();
  private final ChainCheck chain = new ChainCheck();
  private final PageClaims claims = new PageClaims();
  private final List<String> warnings = new ArrayList<>();
  private @Nullable ArtefactHeader newest;
  private @Nullable PagedDatabaseProvider<?> database;
  private volatile @Nullable RestoreFile file;
  private volatile @Nullable ChecksumSum sum;
  private volatile @Nullable ArtefactDescriptor damaged;
  private volatile boolean gone;

  RestoreRun(
      RestorerBuilder options,
      RestoreDestination destination,
      RestoreOffer offer,
      @Nullable DeltaBase old,
      String reason,
      Progress progress) {
    this.options = options;
    this.destination = destination;
    this.offer = offer;
    this.old = old;
    this.reason = reason;
    this.progress = progress;
    this.database = options.database;
    warnings.addAll(offer.plan().warnings());
  }

  RestoreState run() throws IOException {
    RestorePlan plan = offer.plan();
    progress.begin(RestorePhase.FETCH, plan.totalBytes());
    new BlockFetchPipeline(offer.archive(), options.codecs, meter, options.parallelism)
        .read(plan.newestFirst(), this);
    ArtefactHeader header = newest;
    RestoreFile written = file;
    ChecksumSum added = sum;
    if (header == null || written == null || added == null) {
      throw new IllegalStateException("a plan without artefacts");
    }
    long length = header.highWaterMark() * header.pageSize();
    written.complete(length);
    prove(header, added, written, length);
    String checked = check(written);
    written.finish(length);
    progress.begin(RestorePhase.MOVE, 0);
    try (RestoreFile beside = destination.bringBeside(written, progress)) {
      warnings.addAll(destination.replaceWith(beside.path(), database));
    }
    return new RestoreState(
        destination.target(),
        offer.replica(),
        reason,
        plan.generation(),
        header.txId(),
        committedAt(header),
        offer.after(),
        header.checksum(),
        header.pageSize(),
        header.highWaterMark(),
        plan.snapshot().txId(),
        plan.segments().size(),
        meter.objects(),
        meter.requests(),
        meter.bytes(),
        meter.reusedBlocks(),
        meter.reusedBytes(),
        Duration.ofNanos(System.nanoTime() - startedAt),
        checked,
        warnings);
  }

  @Override
  public List<BlockClaim> opened(OpenArtefact artefact) throws IOException {
    ArtefactHeader header = artefact.header();
    chain.next(artefact.descriptor().key().value(), header);
    if (newest == null) {
      newest = header;
      begin(header);
    }
    claims.limit(header.highWaterMark());
    return BlockClaim.wanted(artefact.reader().blocks(), claims);
  }

  /** The first artefact tells what is to be written: whether it may and can be. */
  private void begin(ArtefactHeader header) throws IOException {
    String type = header.additionalAttrs().get(ArtefactHeader.DATABASE);
    if (type != null && (database == null || !database.type().equals(type))) {
      database = options.databases.find(type);
    }
    if (database == null) {
      warnings.add(
          "the file equals what was captured, but nothing installed here can check it as a "
              + (type == null
                  ? "database"
                  : "database of type "
                      + type
                      + ": "
                      + PublishedPlugins.remedy(PluginKind.DATABASE, type)));
    }
    destination.requireNoLeftovers(database);
    destination.requireSpace(header.highWaterMark() * header.pageSize());
    sum = new ChecksumSum(header.pageSize());
    file = destination.create(header.pageSize());
  }

  @Override
  public List<BlockClaim> missing(OpenArtefact artefact, List<BlockClaim> claims)
      throws IOException {
    return old == null ? claims : old.missing(artefact, claims, this::pages, meter);
  }

  @Override
  public void pages(long firstId, int count, byte[] data, int offset) throws IOException {
    RestoreFile target = file;
    ChecksumSum adding = sum;
    if (target == null || adding == null) {
      throw new IllegalStateException("pages before the first artefact");
    }
    target.write(firstId, count, data, offset);
    adding.pages(firstId, count, data, offset);
  }

  @Override
  public void failed(ArtefactDescriptor artefact, IOException failure) throws IOException {
    if (ArtefactDamage.isDamage(failure)) {
      gone = ArtefactDamage.isGone(failure);
      damaged = artefact;
    }
    throw failure;
  }

  /** The artefact that ended this attempt because it is damaged or gone; null if none did. */
  @Nullable ArtefactDescriptor damaged() {
    return damaged;
  }

  /** Whether it is gone, rather than damaged. */
  boolean gone() {
    return gone;
  }

  @Override
  public void progressed(long bytes) {
    progress.add(bytes);
  }

  /**
   * Each page was claimed, hashed and written once, so the sum is that of the file; pages that
   * nobody has are holes of it, and count nothing. With the thorough check it is that of the file
   * as it reads.
   */
  private void prove(ArtefactHeader header, ChecksumSum added, RestoreFile written, long length)
      throws IOException {
    progress.begin(RestorePhase.PROVE, length);
    if (options.check == DatabaseCheck.THOROUGH) {
      ChecksumSum read = new ChecksumSum(header.pageSize());
      written.readBack(
          (firstId, count, data, offset) -> {
            read.pages(firstId, count, data, offset);
            progress.add((long) count * header.pageSize());
          });
      prove(header, read);
    }
    prove(header, added);
    progress.add(length);
  }

  private static void prove(ArtefactHeader header, ChecksumSum sum) throws ChainException {
    if (sum.value() != header.checksum()) {
      throw new ChainException(
          "the pages of generation "
              + header.generation()
              + " up to transaction "
              + header.txId()
              + " have the database checksum "
              + ChecksumSum.hex(sum.value())
              + " instead of "
              + ChecksumSum.hex(header.checksum())
              + "; the artefacts do not make up the database that was captured");
    }
  }

  private @Nullable String check(RestoreFile written) throws IOException {
    PagedDatabaseProvider<?> checker = database;
    if (checker == null || options.check == DatabaseCheck.NONE) {
      return null;
    }
    progress.begin(RestorePhase.CHECK, 0);
    boolean thorough = options.check == DatabaseCheck.THOROUGH;
    try {
      checker.check(written.path(), thorough);
    } catch (CheckImpossibleException e) {
      warnings.add(
          "the file equals, byte for byte, what was captured, but it could not be checked here as a "
              + checker.type()
              + " database, which says nothing about it: "
              + FailureText.of(e));
      return null;
    } catch (IOException e) {
      complained(checker.type(), thorough, named(written, e));
      return null;
    }
    return checker.type() + (thorough ? ", thorough" : ", quick");
  }

  /**
   * The pages are proven by now, so a complaint is about what was captured, or about a check that
   * lacks what the application's database has. Only who asked for the thorough check is refused.
   */
  private void complained(String type, boolean thorough, String complaint) throws ChainException {
    String told =
        "the restored file equals, byte for byte, what was captured, but the check of "
            + type
            + " complains: "
            + complaint
            + ". It was so when it was captured, or the check lacks here what the application's"
            + " database has, such as a collation or a function";
    if (thorough) {
      throw new ChainException(
          told + ". An older state may pass; without the thorough check it is restored as it is");
    }
    warnings.add(told);
  }

  /** The complaint, of the file as it will be named. */
  private String named(RestoreFile written, IOException complaint) {
    return FailureText.of(complaint)
        .replace(written.path().toString(), destination.target().toString())
        .replaceFirst("[.\\s]+$", "");
  }

  private static @Nullable Instant committedAt(ArtefactHeader header) {
    CommitClock told = CommitClock.of(header);
    return told == null ? null : told.lastCommitAt();
  }

  @Override
  public void close() throws IOException {
    RestoreFile unfinished = file;
    if (unfinished != null) {
      unfinished.close();
    }
  }
}
