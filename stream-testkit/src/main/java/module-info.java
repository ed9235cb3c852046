/**
 * Contract tests and test doubles for the SPI. Open, so that JUnit reaches the tests that
 * subclasses inherit.
 */
@SuppressWarnings("requires-automatic")
open module dev.stream.testkit {
  requires transitive dev.stream.api;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.stream.testkit;
  exports dev.stream.testkit.codec;
  exports dev.stream.testkit.database;
  exports dev.stream.testkit.replica;

  provides dev.stream.api.replica.ReplicaProvider with
      dev.stream.testkit.replica.MemoryReplicaProvider;
}
