/** Replication, restore and retention over the SPI. */
@SuppressWarnings({"requires-automatic", "module"}) // the command is compiled after this module
module dev.stream.core {
  requires transitive dev.stream.api;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static com.google.auto.service;
  requires static transitive java.sql; // for those alone who have commits wait
  requires org.jspecify; // also when running: it marks optional keys

  // What an application uses.
  exports dev.stream.core;
  exports dev.stream.core.commit;
  exports dev.stream.core.config;
  exports dev.stream.core.event;
  exports dev.stream.core.follow;
  exports dev.stream.core.metric;
  exports dev.stream.core.operate;
  exports dev.stream.core.plugin;
  exports dev.stream.core.restore;
  exports dev.stream.core.state;
  exports dev.stream.core.status;
  exports dev.stream.core.verify;

  // What the command shows of the inside.
  exports dev.stream.core.archive to
      dev.stream.cli;
  exports dev.stream.core.artefact to
      dev.stream.cli;
  exports dev.stream.core.chain to
      dev.stream.cli;
  exports dev.stream.core.cost to
      dev.stream.cli;
  exports dev.stream.core.drill to
      dev.stream.cli;
  exports dev.stream.core.file to
      dev.stream.cli;
  exports dev.stream.core.guard to
      dev.stream.cli;
  exports dev.stream.core.monitor to
      dev.stream.cli;
  exports dev.stream.core.read to
      dev.stream.cli;
  exports dev.stream.core.retention to
      dev.stream.cli;
  exports dev.stream.core.retry to
      dev.stream.cli;
  exports dev.stream.core.run to
      dev.stream.cli;
  exports dev.stream.core.timeline to
      dev.stream.cli;

  uses dev.stream.api.codec.CodecProvider;
  uses dev.stream.api.database.PagedDatabaseProvider;
  uses dev.stream.api.replica.ReplicaProvider;

  provides dev.stream.api.codec.CodecProvider with
      dev.stream.core.codec.NoneCodecProvider;
}
