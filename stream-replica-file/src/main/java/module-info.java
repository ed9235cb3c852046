/** The replica {@code file}. */
@SuppressWarnings("requires-automatic")
module dev.stream.replica.file {
  requires dev.stream.api;
  requires static com.google.auto.service;
  requires static org.jspecify;
}
