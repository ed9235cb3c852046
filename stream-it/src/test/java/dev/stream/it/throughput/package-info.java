/** Measures replicas beside plain clients of their protocols; {@code benchmarks} has the script. */
package dev.stream.it.throughput;
