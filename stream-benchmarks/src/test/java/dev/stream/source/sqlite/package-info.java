/** What the source's own classes take and allocate, by JMH. Run by {@code benchmarks/jmh}. */
@NullMarked
package dev.stream.source.sqlite;

import org.jspecify.annotations.NullMarked;
