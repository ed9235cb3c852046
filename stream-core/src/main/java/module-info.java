/** Replication, restore and retention over the SPI. */
@SuppressWarnings("requires-automatic")
module dev.stream.core {
  requires transitive dev.stream.api;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static com.google.auto.service;
  requires org.jspecify; // also when running: it marks optional keys

  exports dev.stream.core;
  exports dev.stream.core.config;
  exports dev.stream.core.plugin;

  uses dev.stream.api.codec.CodecProvider;
  uses dev.stream.api.database.PagedDatabaseProvider;
  uses dev.stream.api.replica.ReplicaProvider;

  exports dev.stream.core.archive;
  exports dev.stream.core.artefact;
  exports dev.stream.core.checksum;
  exports dev.stream.core.cost;
  exports dev.stream.core.follow;
  exports dev.stream.core.restore;
  exports dev.stream.core.retention;
  exports dev.stream.core.retry;

  provides dev.stream.api.codec.CodecProvider with
      dev.stream.core.codec.NoneCodecProvider;
}
