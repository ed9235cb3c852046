package dev.stream.core.plugin;

import dev.stream.api.replica.Replica;
import java.io.IOException;

/** Opens a replica when it is needed. */
@FunctionalInterface
public interface ReplicaOpener {

  /** Opens it; whoever called closes it. */
  Replica open() throws IOException;
}
