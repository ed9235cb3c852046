package dev.stream.it.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stream.core.metric.Metric;
import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.cli.PlainHttp.Response;
import dev.stream.it.cli.StreamProcess.Result;
import dev.stream.it.server.Programs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code stream replicate --http}: what is answered, to whom, and what it costs who does without.
 */
class HttpIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static JsonNode json(Response response) throws Exception {
    assertThat(response.headers()).contains("content-type: application/json", "no-store");
    return JSON.readTree(response.body());
  }

  private static Set<String> keys(JsonNode object) {
    Set<String> keys = new TreeSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static void awaitReady(int port, int status) throws Exception {
    StreamProcess.await(
        "/health/ready with " + status,
        () -> {
          try {
            return PlainHttp.get(port, "/health/ready").status() == status;
          } catch (java.io.IOException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void everyPathAnswersAndNothingElseDoes() throws Exception {
    try (Shop shop = new Shop(folder);
        StreamProcess stream =
            StreamProcess.start("replicate", "--config", shop.config().toString(), "--http", "0")) {
      stream.awaitReady();
      int port = PlainHttp.port(stream);
      shop.order();
      awaitReady(port, 200);
      assertThat(json(PlainHttp.get(port, "/health/ready")).path("reasons")).isEmpty();
      assertThat(json(PlainHttp.get(port, "/health/live")).path("state").asText())
          .isEqualTo("running");

      JsonNode served = json(PlainHttp.get(port, "/status"));
      Result asked = StreamProcess.run("status", "--config", shop.config().toString(), "--json");
      assertThat(keys(served)).isEqualTo(keys(JSON.readTree(asked.out())));
      assertThat(served.path("healthy").asBoolean()).isTrue();

      checkMetrics(PlainHttp.get(port, "/metrics"));

      Response page = PlainHttp.get(port, "/");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.headers()).contains("text/html", "default-src 'none'", "script-src 'sha256-");
      assertThat(page.body().replace("http://www.w3.org/2000/svg", "a namespace"))
          .doesNotContain("src=", "innerHTML", "http://", "https://")
          .hasSizeGreaterThan(1000);

      for (String wrong : List.of("/x", "/metrics/", "/status/../status", "/favicon.ico")) {
        assertThat(PlainHttp.get(port, wrong).status()).as(wrong).isEqualTo(404);
      }
      Response head = PlainHttp.ask(port, "HEAD /metrics HTTP/1.1", "Host: localhost");
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers()).containsPattern("content-length: [1-9]");
      Response post =
          PlainHttp.ask(port, "POST /status HTTP/1.1", "Host: localhost", "Content-Length: 0");
      assertThat(post.status()).isEqualTo(405);
      assertThat(post.headers()).contains("allow: get, head");
      for (String path : List.of("/", "/metrics", "/status")) {
        Response rebound =
            PlainHttp.ask(port, "GET " + path + " HTTP/1.1", "Host: evil.example:" + port);
        assertThat(rebound.status()).isEqualTo(421);
        assertThat(rebound.body()).doesNotContain("shop.db").contains("hosts");
      }
      assertThat(stream.terminate().exit()).isZero();
    }
  }

  private void checkMetrics(Response metrics) throws Exception {
    assertThat(metrics.headers()).contains("text/plain; version=0.0.4");
    assertThat(metrics.body()).contains("database=\"" + folder.resolve("shop.db") + "\"");
    for (Metric metric : Metric.values()) {
      boolean ofDrill = metric.metricName().matches(".*_(drill|verified)_.*"); // there was none
      assertThat(
              ofDrill
                  || metrics.body().contains("\n# TYPE " + metric.metricName() + " ")
                  || metrics.body().contains("\n# TYPE " + metric.metricName() + "_total "))
          .as(metric.metricName())
          .isTrue();
    }
    Path file = Files.writeString(folder.resolve("metrics"), metrics.body());
    Path promtool = Programs.find("promtool");
    assertThat(Shell.expect("sh", "-c", promtool + " check metrics < " + file))
        .as("what promtool complains of")
        .isBlank();
  }

  /** Rules that are wrong, or that never fire, are worse than none. */
  @Test
  void theAlertsAreSoundAndFire() throws Exception {
    String promtool = Programs.find("promtool").toString();
    Path monitoring = Shipped.PROJECT.resolve("examples/monitoring");
    String checked = Shell.expect(promtool, "check", "rules", monitoring + "/alerts.yml");
    assertThat(checked).contains("SUCCESS");
    Shell.expect(promtool, "check", "config", monitoring + "/prometheus.yml");
    Shell.expect(promtool, "test", "rules", monitoring + "/alerts-test.yml");
  }

  @Test
  void aReplicaThatLagsIsNotReadyUntilItHasCaughtUp() throws Exception {
    try (Shop shop = new Shop(folder);
        StreamProcess stream =
            StreamProcess.start(
                "replicate",
                "--config",
                shop.config(
                        "\"dataLossWindowThreshold\": \"300ms\", \"http\": {\"address\": \"0\"},")
                    .toString())) {
      stream.awaitReady();
      int port = PlainHttp.port(stream);
      shop.order();
      awaitReady(port, 200);
      Path away = folder.resolve("away");
      Files.move(shop.replica, away);
      Files.writeString(shop.replica, "no folder");
      shop.order();
      awaitReady(port, 503);
      JsonNode reasons = json(PlainHttp.get(port, "/health/ready")).path("reasons");
      assertThat(reasons.path(0).asText()).contains("replica file lags by", "300 ms");
      assertThat(PlainHttp.get(port, "/metrics").body())
          .contains("stream_replica_failing{database=\"" + shop.database + "\",replica=\"file\"} 1")
          .containsPattern("stream_replica_failures_total\\{.*operation=\"store\".*} [1-9]");
      assertThat(PlainHttp.get(port, "/health/live").status()).isEqualTo(200);
      Files.delete(shop.replica);
      Files.move(away, shop.replica);
      awaitReady(port, 200);
      assertThat(stream.terminate().exit()).isZero();
    }
  }

  @Test
  void anAddressThatCannotBeHadIsToldBeforeAnythingBegins() throws Exception {
    try (Shop shop = new Shop(folder);
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String config = shop.config().toString();
      Result inUse =
          StreamProcess.run("replicate", "--config", config, "--http", "" + taken.getLocalPort());
      assertThat(inUse.exit()).isEqualTo(1);
      assertThat(inUse.err())
          .contains("cannot listen on 127.0.0.1 port " + taken.getLocalPort(), "nothing was begun");
      for (String wrong : List.of("nonsense", "70000", "no-such-host.invalid:1", ":1")) {
        Result refused = StreamProcess.run("replicate", "--config", config, "--http", wrong);
        assertThat(refused.exit()).as(wrong).isEqualTo(2);
        assertThat(refused.err()).contains("stream: ").doesNotContain("Exception");
      }
      assertThat(shop.shadow).doesNotExist();
      assertThat(shop.replica).doesNotExist();
    }
  }

  /** As in a container, where probes come before there is a database. */
  @Test
  void besideACommandItAnswersFromBeforeTheDatabaseIsThere() throws Exception {
    Path database = folder.resolve("app.db");
    Path config =
        Files.writeString(
            folder.resolve("stream.json"),
            """
            {"database": {"type": "sqlite", "path": "%1$s/app.db"}, "shadowDir": "%1$s/shadow",
             "closeTimeout": "3s", "replicas": [{"type": "file", "path": "%1$s/replica"}]}
            """
                .formatted(folder));
    String command = "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done";
    try (StreamProcess stream =
        StreamProcess.start(
            "replicate", "--config", config.toString(), "--http", "0", "--exec", command)) {
      stream.awaitLine("started sh");
      int port = PlainHttp.port(stream);
      assertThat(PlainHttp.get(port, "/health/live").status()).isEqualTo(200);
      Response ready = PlainHttp.get(port, "/health/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.body()).contains("waits for the application to create the database");
      assertThat(json(PlainHttp.get(port, "/status")).path("state").asText()).isEqualTo("waiting");
      assertThat(PlainHttp.get(port, "/metrics").body()).contains("stream_running{");
      Shell.expect("sqlite3", database.toString(), "PRAGMA journal_mode=WAL; CREATE TABLE t(a);");
      awaitReady(port, 200);
      StreamProcess.await("its output", () -> stream.out().contains("up"));
      Result ended = stream.terminate();
      assertThat(ended.exit()).as(ended.err()).isEqualTo(7);
    }
  }

  /** Who opens connections and says nothing more must not keep the others from being answered. */
  @Test
  void clientsThatDoNotEndTheirRequestsAreCutOff() throws Exception {
    Map<String, String> environment =
        Map.of("STREAM_JAVA_OPTS", "-Dsun.net.httpserver.maxReqTime=1");
    Path launcher = StreamProcess.distribution().resolve("bin/stream");
    List<Socket> idle = new ArrayList<>();
    try (Shop shop = new Shop(folder);
        StreamProcess stream =
            StreamProcess.start(
                List.of(),
                environment,
                launcher,
                "replicate",
                "--config",
                shop.config().toString(),
                "--http",
                "0")) {
      stream.awaitReady();
      int port = PlainHttp.port(stream);
      for (int i = 0; i < 12; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        idle.add(socket);
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: ".getBytes(UTF_8));
      }
      assertThat(PlainHttp.get(port, "/health/live").status()).isEqualTo(200);
      assertThat(stream.terminate().exit()).isZero();
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  /** Start time and memory of who does without are as if it was not there. */
  @Test
  void whoDoesWithoutLoadsNoneOfIt() throws Exception {
    Path loaded = folder.resolve("loaded");
    Map<String, String> environment =
        Map.of("STREAM_JAVA_OPTS", "-Xlog:class+load:file=" + loaded, "STREAM_ARCHIVE", "off");
    Path launcher = StreamProcess.distribution().resolve("bin/stream");
    try (Shop shop = new Shop(folder);
        StreamProcess stream =
            StreamProcess.start(
                List.of(), environment, launcher, "replicate", "--config", shop.config() + "")) {
      stream.awaitReady();
      shop.order();
      assertThat(stream.terminate().exit()).isZero();
      assertThat(Files.readAllLines(loaded))
          .anyMatch(line -> line.contains("dev.stream.cli.replicate"))
          .noneMatch(line -> line.contains("httpserver"))
          .noneMatch(line -> line.contains("dev.stream.cli.http."))
          .noneMatch(line -> line.contains("dev.stream.cli.log."))
          .noneMatch(line -> line.contains("dev.stream.core.monitor.Heartbeat"));
    }
  }

  /** A line for what matters, none for a segment; and each an object, if that was asked for. */
  @Test
  void linesAreFewAndObjectsOnRequest() throws Exception {
    Map<String, String> environment = Map.of("STREAM_ARCHIVE", "off");
    Path launcher = StreamProcess.distribution().resolve("bin/stream");
    String secret = "http://127.0.0.1:9/s3cr3t-path";
    try (Shop shop = new Shop(folder);
        StreamProcess stream =
            StreamProcess.start(
                List.of(),
                environment,
                launcher,
                "replicate",
                "--config",
                shop.config(
                        "\"heartbeat\": {\"url\": \"" + secret + "\", \"interval\": \"100ms\"},")
                    .toString(),
                "--log-format",
                "json")) {
      stream.awaitLine("\"message\":\"ready\"");
      stream.awaitLine("the heartbeat's address cannot be called");
      StreamProcess.await("a snapshot", () -> !shop.artefacts("snapshots").isEmpty());
      int before = stream.err().lines().toList().size();
      for (int i = 1; i <= 12; i++) {
        shop.order();
        int stored = i;
        StreamProcess.await("segment " + i, () -> shop.segments().size() >= stored);
      }
      List<String> lines = stream.err().lines().toList();
      assertThat(lines.subList(before, lines.size())).as("said of twelve segments").isEmpty();
      List<String> messages = new ArrayList<>();
      for (String line : stream.terminate().err().lines().toList()) {
        JsonNode object = JSON.readTree(line);
        assertThat(keys(object)).as(line).contains("time", "level", "logger", "message");
        messages.add(object.path("message").asText());
      }
      assertThat(messages)
          .contains("ready", "stopped; every replica has everything")
          .noneMatch(message -> message.contains("s3cr3t"));
      assertThat(messages)
          .as("a failure that goes on is told once")
          .filteredOn(message -> message.contains("the heartbeat's address"))
          .hasSize(1);
    }
    Result failed = StreamProcess.run("replicate", "--config", "/none.json", "--log-format=json");
    assertThat(failed.exit()).isEqualTo(2);
    assertThat(JSON.readTree(failed.err()).path("level").asText()).isEqualTo("ERROR");
    assertThat(StreamProcess.run("status", "--config", "x", "--log-format", "xml").exit())
        .isEqualTo(2);
  }
}
