package dev.stream.core.plugin;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
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

  /**
   * The codec of that name as it was set up to write an artefact: needed only to tell, without
   * fetching a block, whether pages at hand are the same. Null, as by default, if that cannot be
   * had; then nothing is found to be the same.
   *
   * @throws IOException if it is installed but cannot run here
   */
  default @Nullable Codec find(String name, CodecSettings settings) throws IOException {
    return null;
  }
}
