package dev.stream.cli.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request after the other. Safe for use by several threads. */
final class RequestHandler implements HttpHandler {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final HostCheck hosts;
  private final Endpoints endpoints;

  RequestHandler(HostCheck hosts, Endpoints endpoints) {
    this.hosts = hosts;
    this.endpoints = endpoints;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] content = answer.content();
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", answer.type());
      headers.set("Cache-Control", "no-store");
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      headers.set("Referrer-Policy", "no-referrer");
      answer.headers().forEach(headers::set);
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(content.length));
        exchange.sendResponseHeaders(answer.status(), -1);
      } else {
        exchange.sendResponseHeaders(answer.status(), content.length);
        exchange.getResponseBody().write(content);
      }
    }
  }

  private Answer answer(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return new Answer(
          405,
          Answer.PLAIN,
          "Only GET and HEAD: nothing can be changed here.\n",
          Map.of("Allow", "GET, HEAD"));
    }
    String refusal = hosts.refusal(exchange.getRequestHeaders().get("Host"));
    if (refusal != null) {
      return Answer.plain(421, refusal);
    }
    try {
      return endpoints.answer(exchange.getRequestURI().getPath());
    } catch (RuntimeException e) {
      LOG.warn("a request over http failed, which harms nothing: {}", e.toString());
      LOG.debug("it failed here", e);
      return Answer.plain(500, "This failed; the log of Stream says why.");
    }
  }
}
