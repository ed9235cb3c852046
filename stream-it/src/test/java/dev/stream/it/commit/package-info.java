/** Measures what Stream adds to a commit of H2; {@code benchmarks} has the script. */
package dev.stream.it.commit;
