/** The SPI of Stream and its value types: replicas, codecs and paged databases. */
module dev.stream.api {
  requires static transitive org.jspecify;

  exports dev.stream.api.codec;
  exports dev.stream.api.config;
  exports dev.stream.api.database;
  exports dev.stream.api.file;
  exports dev.stream.api.replica;
  exports dev.stream.api.replica.support;
}
