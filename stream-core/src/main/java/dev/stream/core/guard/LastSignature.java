package dev.stream.core.guard;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseImage.Relation;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signature that the source told last, as a note in the shadow directory, so that a database
 * that was rewritten as a whole meanwhile is known again at the next start, too. Safe for use by
 * several threads.
 */
public final class LastSignature {

  private static final Logger LOG = LoggerFactory.getLogger(LastSignature.class);
  private static final String NAME = "signature";

  private final ShadowDirectory directory;
  private String signature;

  /** What a former process has noted. */
  public LastSignature(ShadowDirectory directory) throws IOException {
    this.directory = directory;
    String noted = "";
    try {
      noted = Files.readString(directory.root().resolve(NAME)).strip();
    } catch (NoSuchFileException e) {
      // Nothing was told yet.
    }
    this.signature = noted;
  }

  /**
   * Takes note of it.
   *
   * @param told empty if there is none
   */
  public synchronized void remember(String told) {
    if (told.isEmpty() || told.equals(signature)) {
      return;
    }
    signature = told;
    try {
      directory.note(NAME, told + "\n");
    } catch (IOException e) {
      LOG.debug("the signature of the database could not be noted: {}", e.toString());
    }
  }

  /** What an image that has no page of the last state has to do with it. */
  public synchronized Relation relation(DatabaseImage image) throws IOException {
    return signature.isEmpty() ? Relation.UNKNOWN : image.relationTo(signature);
  }
}
