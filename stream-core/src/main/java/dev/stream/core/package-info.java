/** Replication, restore and retention over the SPI. */
@NullMarked
package dev.stream.core;

import org.jspecify.annotations.NullMarked;
