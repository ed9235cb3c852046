package dev.stream.source.bolt;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Serves the socket beside a database, as a program would, or as a wrong one would. */
final class FakeProgram implements AutoCloseable {

  private final ServerSocketChannel listening;
  private final Path path;
  private final Thread thread;

  /** What it was asked. */
  final CopyOnWriteArrayList<String> asked = new CopyOnWriteArrayList<>();

  /** What becomes of an answer on its way; null ends the connection. */
  volatile UnaryOperator<@Nullable String> falsify = answer -> answer;

  private volatile @Nullable SocketChannel connection;

  FakeProgram(Path database) throws IOException {
    path = database;
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(Pin.socket(database)));
    thread = new Thread(this::serve, "fake program");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    while (listening.isOpen()) {
      try (SocketChannel open = listening.accept();
          BufferedReader in =
              new BufferedReader(Channels.newReader(open, StandardCharsets.US_ASCII))) {
        connection = open;
        converse(open, in);
      } catch (IOException e) {
        // The other side has gone, or this one is closed.
      }
    }
  }

  private void converse(SocketChannel open, BufferedReader in) throws IOException {
    String held = "none";
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      asked.add(line);
      String answer = "failed: no such request";
      switch (line) {
        case "hello 1" -> answer = "hello 1 " + Files.getAttribute(path, "unix:ino");
        case "pin" -> {
          BoltMeta meta = Fixture.meta(path);
          ByteBuffer page = meta.firstPages().slice(meta.slot() * meta.pageSize(), BoltMeta.BYTES);
          byte[] bytes = new byte[BoltMeta.BYTES];
          page.get(bytes);
          answer = "pinned " + meta.txId() + " " + held + " " + HexFormat.of().formatHex(bytes);
          held = String.valueOf(meta.txId());
        }
        case "held", "drop" -> answer = "held " + held;
        default -> {}
      }
      String said = falsify.apply(answer);
      if (said == null) {
        return;
      }
      open.write(ByteBuffer.wrap((said + "\n").getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** Ends the connection, as a program that is started anew does. */
  void hangUp() throws IOException {
    SocketChannel open = connection;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    hangUp();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(Pin.socket(path));
  }
}
