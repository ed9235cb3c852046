package dev.stream.core.upload;

import dev.stream.core.archive.ArtefactBody;
import dev.stream.core.archive.FileBody;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the content of artefacts comes from: the shadow directory, or the snapshot that is taken
 * from the database itself just then. Thread-safe.
 */
public final class ArtefactBodies {

  private final ShadowDirectory directory;
  private volatile @Nullable LiveSnapshot live;

  public ArtefactBodies(ShadowDirectory directory) {
    this.directory = directory;
  }

  /** A snapshot can be had without being in the shadow directory. */
  public void begun(LiveSnapshot snapshot) {
    live = snapshot;
  }

  /** It is in the shadow directory from now on, or cannot be had any more. */
  public void ended() {
    live = null;
  }

  /** The content for a replica; null if it is no longer there. */
  @Nullable ArtefactBody of(SealedArtefact artefact, String replica) throws IOException {
    LiveSnapshot now = live;
    if (now != null && now.artefact().key().equals(artefact.key()) && !now.isGone()) {
      return now.body(replica);
    }
    Path file = directory.path(artefact.key());
    return Files.exists(file) ? FileBody.of(file) : null;
  }
}
