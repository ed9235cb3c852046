/** How a Stream in an application is doing, as meters of Micrometer. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer is one
module dev.stream.metrics {
  requires transitive dev.stream.core;
  requires transitive micrometer.core;
  requires static org.jspecify;

  exports dev.stream.metrics;
}
