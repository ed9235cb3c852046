package dev.stream.core.seal;

import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.state.GenerationId;

/** What sealing reports. */
public interface SealingEvents {
  /** A segment is in the shadow directory. */
  void sealed(SealedArtefact segment);

  /** An image was taken of this transaction; no segment that ends later has been sealed. */
  void cut(GenerationId generation, long txId);

  /** A log of this generation is lost: its chain ends here. */
  void logLost(GenerationId generation, String reason);
}
