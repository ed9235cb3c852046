/** The contract test of replicas, a replica in memory and one that fails on demand. */
@NullMarked
package dev.stream.testkit.replica;

import org.jspecify.annotations.NullMarked;
