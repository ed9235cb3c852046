package dev.stream.core.artefact;

import dev.stream.api.codec.Codec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds the codec that an artefact names. Safe for use by several threads. */
@FunctionalInterface
public interface CodecLookup {

  /**
   * The codec of that name, with which any artefact of the codec can be read; null if none is
   * installed.
   *
   * @throws IOException if it is installed but cannot run here
   */
  @Nullable Codec find(String name) throws IOException;
}
