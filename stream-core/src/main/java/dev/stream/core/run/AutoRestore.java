package dev.stream.core.run;

import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.config.OnUnreachable;
import dev.stream.core.config.RestoreConfig;
import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamListener;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.restore.RestoreOutcome;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowOverlay;
import dev.stream.core.shadow.ShadowTail;
import dev.stream.core.state.RestoreTarget;
import dev.stream.core.upload.NamedReplica;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores a file that is missing, or a database that is defective, before the database is opened:
 * from a replica together with the shadow directory, which may hold commits that no replica has
 * yet. A defective file is kept beside its successor.
 */
final class AutoRestore {

  private static final Logger LOG = LoggerFactory.getLogger(AutoRestore.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path target;
  private final boolean elsewhere;
  private final RestoreConfig config;
  private final PagedDatabaseProvider<?> provider;
  private final ShadowDirectory shadow;
  private final @Nullable String defect;
  private final Clock clock;
  private final StreamListener listener;

  /**
   * A restore.
   *
   * @param config where the file is made, and what happens if nobody can be asked
   * @param defect what is wrong with the target; null if it is missing
   */
  AutoRestore(
      AutoRestoreTarget target,
      RestoreConfig config,
      PagedDatabaseProvider<?> provider,
      ShadowDirectory shadow,
      @Nullable String defect,
      Clock clock,
      StreamListener listener) {
    this.target = target.path();
    this.elsewhere = target.elsewhere();
    this.config = config;
    this.provider = provider;
    this.shadow = shadow;
    this.defect = defect;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Restores, if there is anything to restore from.
   *
   * @return whether it was restored, or there was nothing
   * @throws IOException if there is, and it cannot be restored; a defective file is where it was
   */
  RestoreOutcome run(List<NamedReplica> replicas, CodecLookup codecs, ArtefactEncoding encoding)
      throws IOException {
    try {
      return restore(replicas, codecs, encoding);
    } catch (IOException e) {
      if (elsewhere) {
        throw new IOException(
            target
                + ", which restore.targetPath names, is missing and could not be restored: "
                + e.getMessage()
                + ". The database is as it was, and is not opened. Make what failed work and start"
                + " again; or set restore.enabled to false to start without.",
            e);
      }
      if (defect == null) {
        throw e;
      }
      throw new IOException(
          target
              + " is defective ("
              + defect
              + ") and could not be restored: "
              + e.getMessage()
              + ". It is where it was, and is not opened. Make what failed work and start again;"
              + " or restore an older state by hand; or set restore.enabled to false to have the"
              + " database open the file as it is.",
          e);
    }
  }

  private RestoreOutcome restore(
      List<NamedReplica> replicas, CodecLookup codecs, ArtefactEncoding encoding)
      throws IOException {
    ShadowTail tail = ShadowTail.seal(shadow, codecs, encoding);
    tail.notices().forEach(this::warn);
    // What the shadow directory holds of a generation without a snapshot is kept, and said.
    RestorerBuilder restore =
        Restorer.builder(target, codecs)
            .database(provider)
            .tempDir(config.tempDir())
            .state(new RestoreTarget.Newest(null, false, true));
    if (defect != null) {
      restore.keepReplaced("defective-" + TIME.format(clock.instant()));
    }
    for (NamedReplica replica : replicas) {
      restore.replica(replica.name(), new ShadowOverlay(shadow, replica.replica()));
    }
    if (tail.standsAlone()) { // then it does not matter whether a replica can be reached
      restore.replica("shadow directory", new ShadowOverlay(shadow, null));
    }
    try {
      restored(restore.build().restore(), tail);
      return RestoreOutcome.RESTORED;
    } catch (RestoreException e) {
      switch (e.reason()) {
        case NOTHING_THERE -> nothingThere();
        case UNREACHABLE -> unreachable(e, tail);
        default -> throw e;
      }
      return RestoreOutcome.NOTHING_THERE;
    }
  }

  /** Whoever lets the application begin anew says so beforehand. */
  private void unreachable(RestoreException failure, ShadowTail tail) throws IOException {
    boolean mayStart =
        config.onUnreachable() == OnUnreachable.START
            && tail.generation() == null
            && shadow.list().generations().isEmpty();
    if (!mayStart) {
      throw new IOException(
          failure.getMessage()
              + "\n  It is not known whether there is a backup. Make the replica reachable and start"
              + " again; or set restore.onUnreachable to \"start\" to begin without one where the"
              + " shadow directory is empty too",
          failure);
    }
    warn(
        target
            + (defect == null ? " is missing" : " is defective (" + defect + ")")
            + " and was not restored, because no replica could be asked: "
            + failure.getMessage()
            + "\n  It begins without one, since restore.onUnreachable is \"start\". What the"
            + " application writes now is held back from a replica that turns out to hold another"
            + " database");
  }

  private void nothingThere() {
    if (defect == null) {
      LOG.info("{} is missing, and no replica has anything to restore", target);
    } else {
      warn(
          target
              + " is defective ("
              + defect
              + "), and no replica has anything to restore; it is left as it is, and the database"
              + " opens it or refuses it by itself");
    }
  }

  private void restored(RestoreState state, ShadowTail tail) throws IOException {
    state.warnings().forEach(this::warn);
    // The database's next start goes on with all of it, if it is not the database that was
    // restored.
    List<Path> kept = elsewhere ? List.of() : tail.keepBeyond(state.generation());
    if (!kept.isEmpty()) {
      warn(
          "the shadow directory goes on to transaction "
              + tail.txId()
              + " of generation "
              + tail.generation()
              + ", but the restored database is as of transaction "
              + state.txId()
              + " of generation "
              + state.generation()
              + ": the commits in between could not be applied, since no replica has what they"
              + " build on. They are kept in "
              + kept
              + "; delete them when they do not matter");
    }
    String what =
        target
            + (defect == null ? " was missing" : " was defective (" + defect + ")")
            + " and is restored from "
            + state.replica()
            + (tail.generation() == null ? "" : " and the shadow directory")
            + ", as of transaction "
            + state.txId()
            + " of generation "
            + state.generation();
    if (defect == null) {
      LOG.info("{}", what);
      listener.onEvent(new StreamEvent.Notice(what));
    } else {
      warn(what);
    }
  }

  private void warn(String message) {
    LOG.warn("{}", message);
    listener.onEvent(new StreamEvent.Notice(message));
  }
}
