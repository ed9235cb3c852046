package dev.stream.it.springboot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stream.it.Await;
import dev.stream.it.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The example, running in a process of its own. Its requests are safe for several threads. */
final class NotesApp implements AutoCloseable {

  /** A Spring application loads thousands of classes from a jar before it says anything. */
  private static final Duration START = Await.PATIENCE.multipliedBy(3);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ChildJvm jvm;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String root;

  private NotesApp(ChildJvm jvm, String port) {
    this.jvm = jvm;
    this.root = "http://127.0.0.1:" + port;
  }

  /** Starts it in a folder; returns when it takes requests. */
  static NotesApp start(Path jar, Path folder) throws Exception {
    ChildJvm jvm =
        ChildJvm.startJar(
            jar,
            folder,
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--logging.pattern.console=%m%n");
    try {
      String answer = jvm.answer("Tomcat started on port ", START);
      return new NotesApp(jvm, answer.substring(0, answer.indexOf(' ')));
    } catch (AssertionError | InterruptedException e) {
      jvm.close();
      throw e;
    }
  }

  /** Posts a note; returns the status of the answer. */
  int write(String text) throws IOException, InterruptedException {
    String body = JSON.writeValueAsString(Map.of("text", text));
    return send(request("/notes")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)))
        .statusCode();
  }

  List<String> read() throws IOException, InterruptedException {
    List<String> notes = new ArrayList<>();
    for (JsonNode note : get("/notes")) {
      notes.add(note.get("text").textValue());
    }
    return notes;
  }

  /** Waits until the application says that its replica has every commit. */
  void awaitReplicated() throws Exception {
    Await.until(
        "a data loss window of zero",
        () -> {
          JsonNode status = get("/actuator/stream");
          return Duration.parse(status.get("dataLossWindow").textValue()).isZero();
        });
  }

  /** What the application says of its health, all that it consists of. */
  JsonNode health() throws IOException, InterruptedException {
    return get("/actuator/health");
  }

  /** Whether it says that it restored its database when it started. */
  boolean hasRestored() {
    return jvm.said().stream().anyMatch(line -> line.contains("was missing and is restored from"));
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(request(path).GET());
    if (answer.statusCode() != 200) {
      throw new AssertionError(path + " answers " + answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root + path)).timeout(Await.PATIENCE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  void kill() {
    jvm.kill();
  }

  /** SIGTERM; returns the exit status. */
  int terminate() throws InterruptedException {
    jvm.terminate();
    return jvm.await();
  }

  List<String> said() {
    return jvm.said();
  }

  @Override
  public void close() {
    jvm.close();
  }
}
