/**
 * What the hot paths take and allocate, by JMH. Run by {@code benchmarks/jmh}. A benchmark of what
 * its room keeps to itself is in the package of that room.
 */
@NullMarked
package dev.stream.benchmarks;

import org.jspecify.annotations.NullMarked;
