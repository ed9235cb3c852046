/** Replication, restore and retention over the SPI. */
@SuppressWarnings("requires-automatic")
module dev.stream.core {
  requires transitive dev.stream.api;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static com.google.auto.service;
  requires static org.jspecify;
}
