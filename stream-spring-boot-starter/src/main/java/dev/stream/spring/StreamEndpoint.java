package dev.stream.spring;

import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The actuator's endpoint {@code stream}: the status of the replication. */
@Endpoint(id = "stream")
final class StreamEndpoint {

  private final DatabaseReplication replication;

  StreamEndpoint(DatabaseReplication replication) {
    this.replication = replication;
  }

  @ReadOperation
  public Map<String, Object> status() {
    return ReplicationReport.of(replication).details();
  }
}
