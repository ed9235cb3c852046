/** The contract test of codecs. */
@NullMarked
package dev.stream.testkit.codec;

import org.jspecify.annotations.NullMarked;
