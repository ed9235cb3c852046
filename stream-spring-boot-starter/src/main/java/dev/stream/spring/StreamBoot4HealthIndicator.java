package dev.stream.spring;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The replication's health, as Spring Boot 4 asks for it. */
final class StreamBoot4HealthIndicator implements HealthIndicator {

  private final DatabaseReplication replication;

  StreamBoot4HealthIndicator(DatabaseReplication replication) {
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
