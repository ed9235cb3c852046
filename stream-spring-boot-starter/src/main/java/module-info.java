/** A Spring Boot application whose database is replicated. */
@SuppressWarnings({
  "requires-automatic",
  "requires-transitive-automatic"
}) // Spring's are automatic.
module dev.stream.spring.boot.starter {
  requires transitive dev.stream.core;
  requires java.sql;
  requires org.slf4j;
  requires spring.beans;
  requires spring.boot;
  requires spring.boot.autoconfigure;
  requires spring.context;
  requires spring.core;
  requires static dev.stream.metrics;
  requires static dev.stream.source.h2;
  requires static org.jspecify;
  requires static spring.boot.actuator;
  requires static spring.boot.actuator.autoconfigure;
  requires static spring.boot.health;

  exports dev.stream.spring;

  opens dev.stream.spring; // Spring makes its beans by reflection
}
