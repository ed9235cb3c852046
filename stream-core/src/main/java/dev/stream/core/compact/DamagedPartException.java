package dev.stream.core.compact;

import dev.stream.core.shadow.SealedArtefact;
import java.io.IOException;

/** A segment in the shadow directory that cannot be merged, now or ever; others can. */
public final class DamagedPartException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient SealedArtefact part;

  DamagedPartException(SealedArtefact part, String message) {
    super(message);
    this.part = part;
  }

  /** The segment. */
  public SealedArtefact part() {
    return part;
  }
}
