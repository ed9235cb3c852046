package dev.stream.replica.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stream.api.replica.Replica;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server that answers what a test tells it to, as real ones cannot be made to. */
final class ScriptedServer implements AutoCloseable {

  private final String host;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

  /** A request. */
  @SuppressWarnings("ArrayRecordComponent")
  record Seen(String method, String path, String query, Map<String, String> headers, byte[] body) {

    /** Such as {@code PUT /b/p/g/a?uploadId=1}. */
    String line() {
      return method + " " + path + (query == null ? "" : "?" + query);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * An answer.
   *
   * @param announced Content-Length, which may be more than there is
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, Map<String, String> headers, byte[] body, long announced) {

    static Answer of(int status, String body) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      return new Answer(status, Map.of("ETag", "\"e\""), bytes, bytes.length);
    }

    static Answer error(int status, String code) {
      return of(status, "<Error><Code>" + code + "</Code><Message>told to</Message></Error>");
    }

    Answer with(String header, String value) {
      return new Answer(status, Map.of(header, value), body, announced);
    }
  }

  /** What to answer. */
  interface Script {
    Answer answer(Seen request);
  }

  ScriptedServer(Script script) throws IOException {
    this("127.0.0.1", script);
  }

  /** One at another address of this machine, in brackets if it needs them. */
  ScriptedServer(String host, Script script) throws IOException {
    this.host = host;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Seen request = read(exchange);
          seen.add(request);
          answer(exchange, script.answer(request));
        });
    server.start();
  }

  private static Seen read(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    byte[] body;
    try {
      body = exchange.getRequestBody().readAllBytes();
    } catch (IOException e) {
      // The client gave up in the middle.
      body = new byte[0];
    }
    return new Seen(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        exchange.getRequestURI().getRawQuery(),
        headers,
        body);
  }

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        answer.status(), answer.announced() == 0 ? -1 : answer.announced());
    if (answer.announced() > 0) {
      OutputStream out = exchange.getResponseBody();
      out.write(answer.body());
      out.flush();
    }
    exchange.close();
  }

  /** All requests so far. */
  List<Seen> seen() {
    return List.copyOf(seen);
  }

  List<String> lines() {
    return seen.stream().map(Seen::line).toList();
  }

  String address() {
    return host + ":" + server.getAddress().getPort();
  }

  /** A replica in bucket {@code bkt} under {@code p}, with parts of 5 MiB. */
  Replica replica() throws IOException {
    return new S3ReplicaProvider(Map.of(), Path.of("nowhere"))
        .open(
            new S3ReplicaConfig(
                "http://" + address(),
                null,
                "bkt",
                "p",
                "key",
                "a-secret",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                5L << 20,
                java.time.Duration.ofSeconds(5)));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
