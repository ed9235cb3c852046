package dev.stream.core.shadow;

import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Two notes in the shadow directory on what the database may replace. {@code unproven-since} names
 * the generation from which on nobody has said, and nothing has proven, that the database goes on
 * from what replicas hold that could not be asked; it outlives a restart. {@code
 * accept-new-generation} is laid there by an operator, to say so once.
 */
public final class LineageMark {

  /** The file by which an operator accepts a new generation once. */
  public static final String ACCEPT = "accept-new-generation";

  private static final String UNPROVEN = "unproven-since";

  private final ShadowDirectory directory;
  private final Path unproven;
  private final Path accept;

  /** The notes of a shadow directory. */
  public LineageMark(ShadowDirectory directory) {
    this.directory = directory;
    this.unproven = directory.root().resolve(UNPROVEN);
    this.accept = directory.root().resolve(ACCEPT);
  }

  /** Where an operator accepts. */
  public Path acceptFile() {
    return accept;
  }

  /** Whether an operator has accepted. */
  public boolean isAccepted() {
    return Files.exists(accept);
  }

  /** The first generation that is unproven; null if none is. */
  public @Nullable GenerationId unprovenSince() throws IOException {
    try {
      String text = Files.readString(unproven).strip();
      return GenerationId.isGenerationId(text) ? new GenerationId(text) : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Notes a generation as unproven, durably; an earlier one stays noted instead. */
  public void note(GenerationId generation) throws IOException {
    if (unprovenSince() != null) {
      return;
    }
    directory.note(UNPROVEN, generation + "\n");
  }

  /** What there is has been accepted: forgets both notes. */
  public void clear() throws IOException {
    Files.deleteIfExists(unproven);
    Files.deleteIfExists(accept);
  }
}
