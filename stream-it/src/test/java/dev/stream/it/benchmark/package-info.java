/** Whether the programs in {@code benchmarks} still measure; none of them is asked how long. */
package dev.stream.it.benchmark;
