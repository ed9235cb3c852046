package org.example.stream.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers the first request of every connection with the next of its texts, round and round,
 * whatever it asks for, and ends the connection; or, if told so, keeps it open and says no more.
 * For answers that Apache does not give, or hardly ever.
 */
final class CannedServer implements AutoCloseable {

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<String> answers;
  private final boolean hanging;

  private CannedServer(List<String> answers, boolean hanging) throws IOException {
    this.answers = answers;
    this.hanging = hanging;
  }

  static CannedServer answering(String status, String body) throws IOException {
    return answeringInTurn(answer(status, body));
  }

  /** One of {@link #answer} for each request. */
  static CannedServer answeringInTurn(String... answers) throws IOException {
    return start(List.of(answers), false);
  }

  /**
   * An answer's text.
   *
   * @param status may be followed by more lines of the head
   */
  static String answer(String status, String body) {
    String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length();
    return head + "\r\nConnection: close\r\n\r\n" + body;
  }

  /** Says so much and then nothing, ever. */
  static CannedServer hangingAfter(String beginning) throws IOException {
    return start(List.of(beginning), true);
  }

  private static CannedServer start(List<String> answers, boolean hanging) throws IOException {
    CannedServer server = new CannedServer(answers, hanging);
    Thread thread = new Thread(server::serve, "canned-server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private void serve() {
    for (int next = 0; !listening.isClosed(); next++) {
      try {
        Socket socket = listening.accept();
        open.add(socket);
        readHead(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        out.write(answers.get(next % answers.size()).getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        if (!hanging) {
          socket.shutdownOutput();
        }
      } catch (IOException e) {
        // The client has gone, or the test is over.
      }
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int newlines = 0;
    while (newlines < 2) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      newlines = next == '\n' ? newlines + 1 : next == '\r' ? newlines : 0;
    }
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort() + "/dav/";
  }

  /** Ends all connections. */
  void cut() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
