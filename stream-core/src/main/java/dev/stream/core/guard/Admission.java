package dev.stream.core.guard;

import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says whether a new generation may begin at the start. */
public interface Admission {

  /**
   * Returns if it may.
   *
   * @param replacement of the state in which capture ended; null if that is not known
   * @throws NewGenerationRefusedException if it must not
   */
  void admit(
      @Nullable GenerationId generation, @Nullable Replacement replacement, DatabaseState base)
      throws IOException;

  /** It begins with what the replicas are known to hold, or held: there is nothing to doubt. */
  void takesOver();
}
