/** The database {@code sqlite}. */
@SuppressWarnings("requires-automatic") // auto-service has only a module name in its manifest.
module dev.stream.source.sqlite {
  requires transitive dev.stream.api;
  requires java.sql;
  requires org.xerial.sqlitejdbc;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.stream.source.sqlite;

  provides dev.stream.api.database.PagedDatabaseProvider with
      dev.stream.source.sqlite.SqliteDatabaseProvider;
}
