/** A program with a SQLite database that Stream replicates. */
module org.example.notes {
  requires dev.stream.core;
  requires java.sql;
}
