package dev.stream.api.codec;

import java.io.IOException;

/** Makes codecs of one name; found with {@link java.util.ServiceLoader}. */
public interface CodecProvider {

  /** The name in the configuration and in artefacts: {@code [a-z][a-z0-9-]*}. */
  String name();

  /**
   * Makes a codec. With {@link CodecSettings#DEFAULTS} it must succeed and read any artefact.
   *
   * @throws IllegalArgumentException if a setting is outside what the format allows
   * @throws IOException if the codec cannot run on this machine
   */
  Codec create(CodecSettings settings) throws IOException;
}
