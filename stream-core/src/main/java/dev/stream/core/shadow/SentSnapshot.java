package dev.stream.core.shadow;

import dev.stream.core.artefact.ArtefactException;
import dev.stream.core.artefact.ArtefactHeader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A note in the shadow directory of the last snapshot that went to the replicas without having been
 * there: where nothing was captured since its generation began with it, capture resumes from what
 * its header says.
 */
public final class SentSnapshot {

  private static final String NAME = "sent-snapshot";

  private SentSnapshot() {}

  /** Takes note of one, durably. */
  public static void note(ShadowDirectory directory, ArtefactHeader header) throws IOException {
    directory.note(NAME, header.toJson() + "\n");
  }

  /** The header of the one that is noted; null for none. */
  static @Nullable ArtefactHeader noted(ShadowDirectory directory, List<String> notices)
      throws IOException {
    try {
      String text = Files.readString(directory.root().resolve(NAME));
      return ArtefactHeader.ofJson(text.strip(), NAME);
    } catch (NoSuchFileException e) {
      return null;
    } catch (ArtefactException | MalformedInputException e) {
      notices.add(NAME + " in the shadow directory is no use: " + e.getMessage());
      return null;
    }
  }
}
