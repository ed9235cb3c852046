package dev.stream.core.drill;

import java.io.IOException;
import java.nio.file.Path;

/** Another drill of the same replica is under way in the same folder; nothing was done. */
public final class DrillBusyException extends IOException {

  private static final long serialVersionUID = 1L;

  DrillBusyException(String replica, Path folder) {
    super(
        "another drill of replica "
            + replica
            + " is under way in "
            + folder
            + "; wait for it to end, or name another folder");
  }
}
