package dev.stream.it.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Asks a server on this machine with exactly these lines. */
final class PlainHttp {

  private static final int TIMEOUT_MILLIS = 30_000;

  /** An answer; the headers in lower case, since their names may be written in any. */
  record Response(int status, String headers, String body) {}

  private PlainHttp() {}

  static Response get(int port, String path) throws IOException {
    return ask(port, "GET " + path + " HTTP/1.1", "Host: localhost:" + port);
  }

  static Response ask(int port, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request = String.join("\r\n", List.of(lines)) + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = response.indexOf("\r\n\r\n");
      if (end < 0) {
        throw new IOException("no answer, but: " + response);
      }
      int status = Integer.parseInt(response.substring(9, 12));
      String headers = response.substring(0, end).toLowerCase(Locale.ROOT);
      return new Response(status, headers, response.substring(end + 4));
    }
  }

  /** The port at which a {@code stream replicate --http} says that it answers. */
  static int port(StreamProcess stream) throws Exception {
    String says = "status page, metrics and health at http://";
    stream.awaitLine(says);
    String rest = stream.err().substring(stream.err().indexOf(says) + says.length());
    return Integer.parseInt(rest.substring(rest.indexOf(':') + 1, rest.indexOf('/')));
  }
}
