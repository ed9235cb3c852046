package dev.stream.spring;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** The replication's health, as Spring Boot 3 asks for it. */
final class StreamBoot3HealthIndicator implements HealthIndicator {

  private final DatabaseReplication replication;

  StreamBoot3HealthIndicator(DatabaseReplication replication) {
    this.replication = replication;
  }

  @Override
  public Health health() {
    ReplicationReport report = ReplicationReport.of(replication);
    Health.Builder builder =
        switch (report.state()) {
          case HEALTHY -> Health.up();
          // Not down: what opens the database may wait for the application to be healthy.
          case WAITING -> Health.unknown();
          case TROUBLED -> Health.down();
        };
    return builder.withDetails(report.details()).build();
  }
}
