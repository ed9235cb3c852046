package org.example.notes;

import dev.stream.core.Observer;
import dev.stream.core.StreamController;
import dev.stream.core.status.StreamStatus;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How replication is going, for whoever watches the application. */
@RestController
class StreamHealthController {

  private final Observer observer;

  StreamHealthController(Observer observer) {
    this.observer = observer;
  }

  /** Down (503) if commits are not captured, or a replica does not get them. */
  @GetMapping("/health/stream")
  ResponseEntity<StreamStatus> health() {
    StreamController stream = observer.controller();
    if (stream == null) {
      return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).build();
    }
    StreamStatus status = stream.status();
    HttpStatus code = status.healthy() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    return ResponseEntity.status(code).body(status);
  }
}
