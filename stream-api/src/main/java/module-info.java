/** The SPI of Stream and its value types. */
module dev.stream.api {
  requires static org.jspecify;
}
