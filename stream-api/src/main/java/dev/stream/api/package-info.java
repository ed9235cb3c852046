/** The SPI of Stream and its value types. */
@NullMarked
package dev.stream.api;

import org.jspecify.annotations.NullMarked;
