/** The database {@code sqlite}. */
@SuppressWarnings("requires-automatic")
module dev.stream.source.sqlite {
  requires dev.stream.api;
  requires java.sql;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;
  requires static com.google.auto.service;
  requires static org.jspecify;
}
