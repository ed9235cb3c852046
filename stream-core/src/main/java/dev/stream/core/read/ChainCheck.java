package dev.stream.core.read;

import dev.stream.core.artefact.ArtefactHeader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Holds artefacts, newest first, to the rule that each builds on exactly the state before it. */
public final class ChainCheck {

  private @Nullable String laterKey;
  private @Nullable ArtefactHeader later;

  public void next(String key, ArtefactHeader header) throws IOException {
    ArtefactHeader successor = later;
    if (successor != null) {
      requireFollows(String.valueOf(laterKey), successor, key, header);
    }
    laterKey = key;
    later = header;
  }

  private static void requireFollows(
      String laterKey, ArtefactHeader later, String key, ArtefactHeader header)
      throws ChainException {
    String what = null;
    if (later.parentTxId() != header.txId()) {
      what = "transaction " + later.parentTxId() + ", which is not " + header.txId();
    } else if (later.parentChecksum() != header.checksum()) {
      what = "a database with another checksum as of transaction " + header.txId();
    } else if (later.pageSize() != header.pageSize()) {
      what = "pages of " + later.pageSize() + " bytes, not " + header.pageSize();
    }
    if (what != null) {
      throw new ChainException(laterKey + " does not follow " + key + ": it builds on " + what);
    }
  }
}
