/**
 * The codec {@code none}.
 *
 * <p>What compresses blocks where no plug-in does? Other codecs are plug-ins. Begin reading at
 * {@link dev.stream.core.codec.NoneCodecProvider}.
 */
@NullMarked
package dev.stream.core.codec;

import org.jspecify.annotations.NullMarked;
