package dev.stream.core;

import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.artefact.CodecLookup;
import dev.stream.core.replicate.NamedReplica;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.ShadowOverlay;
import dev.stream.core.shadow.ShadowTail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores a database that is missing, before it is opened: from a replica together with the shadow
 * directory, which may hold commits that no replica has yet.
 */
final class AutoRestore {

  private static final Logger LOG = LoggerFactory.getLogger(AutoRestore.class);

  private final Path target;
  private final PagedDatabaseProvider<?> provider;
  private final ShadowDirectory shadow;
  private final StreamListener listener;

  AutoRestore(
      Path target,
      PagedDatabaseProvider<?> provider,
      ShadowDirectory shadow,
      StreamListener listener) {
    this.target = target;
    this.provider = provider;
    this.shadow = shadow;
    this.listener = listener;
  }

  /**
   * Restores, if there is anything to restore from.
   *
   * @throws IOException if there is, and it cannot be restored
   */
  void run(List<NamedReplica> replicas, CodecLookup codecs, ArtefactEncoding encoding)
      throws IOException {
    ShadowTail tail = ShadowTail.seal(shadow, codecs, encoding);
    tail.notices().forEach(this::warn);
    RestorerBuilder restore = Restorer.builder(target, codecs).database(provider);
    for (NamedReplica replica : replicas) {
      restore.replica(replica.name(), new ShadowOverlay(shadow, replica.replica()));
    }
    if (tail.standsAlone()) { // then it does not matter whether a replica can be reached
      restore.replica("shadow directory", new ShadowOverlay(shadow, null));
    }
    try {
      restored(restore.build().restore(), tail);
    } catch (RestoreException e) {
      if (e.reason() != RestoreException.Reason.NOTHING_THERE) {
        throw e;
      }
      LOG.info("{} is missing, and no replica has anything to restore", target);
    }
  }

  private void restored(RestoreState state, ShadowTail tail) throws IOException {
    state.warnings().forEach(this::warn);
    List<Path> kept = tail.keepBeyond(state.generation());
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
    String from = state.replica() + " and the shadow directory";
    LOG.info(
        "{} was missing and is restored from {}: transaction {} of generation {}",
        target,
        from,
        state.txId(),
        state.generation());
    listener.onNotice(
        target
            + " was missing and is restored from "
            + from
            + ", as of transaction "
            + state.txId());
  }

  private void warn(String message) {
    LOG.warn("{}", message);
    listener.onNotice(message);
  }
}
