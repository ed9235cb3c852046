/** Contract tests and test doubles for the SPI. */
@SuppressWarnings("requires-automatic")
module dev.stream.testkit {
  requires transitive dev.stream.api;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.jupiter.params;
  requires transitive org.assertj.core;
  requires static com.google.auto.service;
  requires static org.jspecify;
}
