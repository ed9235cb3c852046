package dev.stream.source.bolt;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A read transaction that the program which has the file open holds for us, asked for through a
 * Unix socket beside the file ({@code docs/BOLT.md} has the protocol). As long as it is held the
 * program writes to no page that it reaches. For use by one thread.
 */
final class Pin implements AutoCloseable, Proof {

  private static final String SUFFIX = ".stream-pin";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int LONGEST_ANSWER = 1024;

  private final SocketChannel channel;
  private final Selector selector;
  private @Nullable BoltMeta meta;

  private Pin(SocketChannel channel, Selector selector) {
    this.channel = channel;
    this.selector = selector;
  }

  /** A pin of the file's newest transaction; null if nobody holds one for us. */
  static @Nullable Pin of(BoltFile file) throws IOException {
    Path socket = file.path().resolveSibling(file.path().getFileName() + SUFFIX);
    if (!Files.exists(socket)) {
      return null;
    }
    Pin pin = null;
    boolean pinned = false;
    try {
      pin = connect(socket);
      pinned = pin.take(file);
      return pinned ? pin : null;
    } catch (IOException | UnsupportedOperationException e) {
      return null; // A leftover, a program that hangs, or a path too long for a socket.
    } finally {
      if (pin != null && !pinned) {
        pin.close();
      }
    }
  }

  private static Pin connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean connected = false;
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.configureBlocking(false);
      Selector selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      connected = true;
      return new Pin(channel, selector);
    } finally {
      if (!connected) {
        channel.close();
      }
    }
  }

  private boolean take(BoltFile file) throws IOException {
    String[] words = ask("pin").split(" ", -1);
    if (words.length != 4 || !words[0].equals("pinned")) {
      return false;
    }
    BoltMeta told;
    try {
      told = BoltMeta.find(ByteBuffer.wrap(HexFormat.of().parseHex(words[3]))).meta();
    } catch (IllegalArgumentException e) {
      return false;
    }
    // The socket of a program that has another file open says nothing about this one.
    boolean same =
        told != null
            && words[1].equals(Long.toUnsignedString(told.txId()))
            && words[2].equals(String.valueOf(Files.getAttribute(file.path(), "unix:ino")))
            && file.isCurrent();
    meta = told;
    return same;
  }

  /** The transaction that is held. */
  BoltMeta meta() {
    BoltMeta held = meta;
    if (held == null) {
      throw new IllegalStateException("nothing is held");
    }
    return held;
  }

  @Override
  public void require() throws IOException {
    String number = Long.toUnsignedString(meta().txId());
    String answer;
    try {
      answer = ask("held");
    } catch (IOException e) {
      answer = String.valueOf(e.getMessage());
    }
    if (!answer.equals("held " + number)) {
      throw new MovedOnException(
          "the program let go of transaction " + number + " while it was read: " + answer);
    }
  }

  private String ask(String request) throws IOException {
    ByteBuffer said = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.US_ASCII));
    while (said.hasRemaining()) {
      channel.write(said);
    }
    ByteBuffer heard = ByteBuffer.allocate(LONGEST_ANSWER);
    long end = System.nanoTime() + PATIENCE_NANOS;
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

  /** Lets go of it, which ending the connection does. */
  @Override
  public void close() throws IOException {
    try (channel;
        selector) {
      meta = null;
    }
  }
}
