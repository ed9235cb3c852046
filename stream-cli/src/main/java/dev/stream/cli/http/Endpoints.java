package dev.stream.cli.http;

import dev.stream.cli.output.Json;
import dev.stream.cli.output.JsonObject;
import java.util.List;

/** Which path has what. Safe for use by several threads. */
final class Endpoints {

  private final ReplicationView view;
  private final StatusPage page = StatusPage.load();

  Endpoints(ReplicationView view) {
    this.view = view;
  }

  Answer answer(String path) {
    return switch (path) {
      case "/" -> page.answer();
      case "/metrics" -> new Answer(200, PrometheusText.TYPE, PrometheusText.of(view.metrics()));
      case "/health/live" -> live();
      case "/health/ready" -> ready();
      case "/status" -> new Answer(200, Answer.JSON, Json.text(view.status()) + "\n");
      case "/overview" -> new Answer(200, Answer.JSON, Json.text(view.overview()) + "\n");
      default ->
          Answer.plain(
              404, "There is /, /metrics, /health/live, /health/ready, /status and /overview.");
    };
  }

  /** Looks at the replication: where that hangs there is no answer, which is what this is for. */
  private Answer live() {
    String state = view.state();
    return new Answer(
        200,
        Answer.JSON,
        Json.text(new JsonObject().with("live", true).with("state", state)) + "\n");
  }

  private Answer ready() {
    List<String> reasons = view.notReady();
    JsonObject document =
        new JsonObject().with("ready", reasons.isEmpty()).with("reasons", reasons);
    return new Answer(reasons.isEmpty() ? 200 : 503, Answer.JSON, Json.text(document) + "\n");
  }
}
