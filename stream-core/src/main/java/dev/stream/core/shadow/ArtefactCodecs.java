package dev.stream.core.shadow;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.plugin.CodecLookup;

/**
 * How artefacts are packed, and those of before unpacked.
 *
 * @param codec packs new ones
 * @param settings how it does
 * @param lookup finds the codec that an artefact names
 */
public record ArtefactCodecs(Codec codec, CodecSettings settings, CodecLookup lookup) {}
