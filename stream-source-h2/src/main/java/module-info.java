/** The database {@code h2}. */
@SuppressWarnings({"requires-automatic", "module"}) // names only in manifests; H2 ends in a digit.
module dev.stream.source.h2 {
  requires transitive dev.stream.api;
  requires com.h2database;
  requires java.sql;
  requires org.slf4j;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.stream.source.h2;

  provides java.sql.Driver with
      dev.stream.source.h2.SchemeDriver;
  provides dev.stream.api.database.PagedDatabaseProvider with
      dev.stream.source.h2.H2DatabaseProvider;
}
