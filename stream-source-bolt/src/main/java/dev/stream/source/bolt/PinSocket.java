package dev.stream.source.bolt;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Asks a program through a Unix socket, a line for each request and answer. For one thread. */
final class PinSocket implements AutoCloseable {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int LONGEST_ANSWER = 1024;

  private final SocketChannel channel;
  private final Selector selector;

  private PinSocket(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = selector;
  }

  /**
   * Connects with whoever serves the socket.
   *
   * @throws IOException if nobody does
   * @throws UnsupportedOperationException if the machine has no such sockets
   */
  static PinSocket connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean connected = false;
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      connected = true;
      return new PinSocket(channel, selector);
    } finally {
      if (!connected) {
        channel.close();
      }
    }
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws IOException if there is none in time
   */
  String ask(String request) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    ByteBuffer said = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.US_ASCII));
    while (said.hasRemaining()) {
      channel.write(said);
      if (System.nanoTime() > end) {
        throw new IOException("it does not listen");
      }
    }
    ByteBuffer heard = ByteBuffer.allocate(LONGEST_ANSWER);
    while (heard.position() == 0 || heard.get(heard.position() - 1) != '\n') {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || !heard.hasRemaining()) {
        throw new IOException("it does not answer");
      }
      selector.select(left);
      selector.selectedKeys().clear();
      if (channel.read(heard) < 0) {
        throw new IOException("it has ended");
      }
    }
    return StandardCharsets.US_ASCII.decode(heard.flip()).toString().strip();
  }

  @Override
  public void close() throws IOException {
    try (channel;
        selector) {
      // Both are closed, whatever one of them says.
    }
  }
}
