package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Read transactions that the program which has the file open holds for us, asked for through a Unix
 * socket beside the file ({@code docs/BOLT.md} has the protocol). As long as one is held the
 * program writes to no page that it reaches. The next one begins before the one that is held ends.
 * For use by one thread.
 */
final class Pin implements AutoCloseable, Proof {

  private static final String SUFFIX = ".stream-pin";
  private static final String HELLO = "hello 1";
  private static final String NONE = "none";

  /** The program lets go after ten seconds in which it was asked nothing. */
  private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int LOOK = 64 << 20;

  private final PinSocket socket;
  private final String inode;
  private @Nullable BoltMeta held;
  private @Nullable BoltMeta former;
  private long askedAt;
  private long unseen;

  private Pin(PinSocket socket, String inode) {
    this.socket = socket;
    this.inode = inode;
  }

  /** Where the socket of a database is. */
  static Path socket(Path database) {
    return database.resolveSibling(database.getFileName() + SUFFIX);
  }

  /**
   * Connects with the program. Nothing is held yet.
   *
   * @throws IOException if nobody serves the socket
   * @throws OtherProgramException if who serves it speaks another language
   */
  static Pin connect(Path database) throws IOException {
    PinSocket socket = PinSocket.connect(socket(database));
    Pin pin = null;
    try {
      String answer = socket.ask(HELLO);
      if (!answer.matches(HELLO + " [0-9]+")) {
        throw new OtherProgramException(
            "what serves "
                + socket(database)
                + " does not speak version 1 of the protocol (it answers \""
                + answer
                + "\"): the file is read without it. Put the streampin.go that comes with this"
                + " Stream into the program");
      }
      pin = new Pin(socket, answer.substring(HELLO.length() + 1));
      return pin;
    } finally {
      if (pin == null) {
        socket.close();
      }
    }
  }

  /**
   * Has the newest transaction held. The one that was held before stays so until {@link #drop}, if
   * nothing had to wait for it.
   *
   * @throws IOException if what the program says cannot be of this file
   */
  void next(BoltFile file) throws IOException {
    String[] words = ask("pin").split(" ", -1);
    if (words.length != 4 || !words[0].equals("pinned")) {
      throw new IOException("no transaction is held: " + String.join(" ", words));
    }
    BoltMeta told = meta(words[3]);
    BoltMeta newest = file.newest();
    // The socket of a program that has another file open says nothing about this one.
    if (told == null
        || !words[1].equals(number(told))
        || told.isAfter(newest)
        || (told.txId() == newest.txId() && !told.equals(newest))
        || !inode.equals(BoltFile.inode(file.identity()))
        || !file.isCurrent()) {
      throw new IOException("the transaction that is held is of another file");
    }
    former = held != null && words[2].equals(number(held)) ? held : null;
    held = told;
  }

  private static @Nullable BoltMeta meta(String digits) {
    try {
      return BoltMeta.find(ByteBuffer.wrap(HexFormat.of().parseHex(digits))).meta();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String number(@Nullable BoltMeta meta) {
    return meta == null ? NONE : Long.toUnsignedString(meta.txId());
  }

  /** The transaction that is held. */
  BoltMeta meta() {
    BoltMeta now = held;
    if (now == null) {
      throw new IllegalStateException("nothing is held");
    }
    return now;
  }

  /** Whether a state is the one that was held until after this one had begun, and still is. */
  boolean isOver(BoltMeta state) {
    return state.equals(former);
  }

  /** Lets go of the one that was held before. */
  void drop() throws IOException {
    former = null;
    requireAnswer(ask("drop"));
  }

  /** Keeps what is held, though there is nothing to ask. */
  void keep() throws IOException {
    if (System.nanoTime() - askedAt >= SILENCE_NANOS) {
      require();
    }
  }

  @Override
  public void read(int bytes) throws IOException {
    unseen += bytes;
    if (unseen >= LOOK) {
      unseen = 0;
      keep();
    }
  }

  @Override
  public void require() throws IOException {
    String answer;
    try {
      answer = ask("held");
    } catch (IOException e) {
      answer = String.valueOf(e.getMessage());
    }
    requireAnswer(answer);
  }

  private void requireAnswer(String answer) throws MovedOnException {
    if (!answer.equals("held " + number(held))) {
      throw new MovedOnException(
          "the program let go of transaction " + number(held) + " while it was read: " + answer);
    }
  }

  private String ask(String request) throws IOException {
    String answer = socket.ask(request);
    askedAt = System.nanoTime();
    return answer;
  }

  /** Lets go of all, which ending the connection does. */
  @Override
  public void close() throws IOException {
    held = null;
    former = null;
    socket.close();
  }
}
