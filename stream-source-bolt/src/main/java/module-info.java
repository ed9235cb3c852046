/** The database {@code bolt}. */
@SuppressWarnings("requires-automatic") // auto-service has only a module name in its manifest.
module dev.stream.source.bolt {
  requires transitive dev.stream.api;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.stream.source.bolt;

  provides dev.stream.api.database.PagedDatabaseProvider with
      dev.stream.source.bolt.BoltDatabaseProvider;
}
