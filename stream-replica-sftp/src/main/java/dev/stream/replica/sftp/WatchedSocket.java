package dev.stream.replica.sftp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A socket that is closed when the other side has been silent for its read timeout: keep-alives
 * make a living server say something in that time. Only the closing frees threads that wait to
 * write to a server that takes nothing.
 */
final class WatchedSocket extends Socket {

  private volatile long heardAt = System.nanoTime();

  static WatchedSocket create() throws SocketException {
    WatchedSocket socket = new WatchedSocket();
    socket.setTcpNoDelay(true);
    return socket;
  }

  private WatchedSocket() {}

  /** When something was last received, by {@link System#nanoTime}. */
  long heardAt() {
    return heardAt;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        try {
          int count = in.read(target, offset, length);
          heardAt = System.nanoTime();
          return count;
        } catch (SocketTimeoutException e) {
          WatchedSocket.this.close();
          // This is no timeout exception, after which the library would go on reading.
          throw new IOException("the server was silent for " + getSoTimeoutSeconds() + " s", e);
        }
      }
    };
  }

  private long getSoTimeoutSeconds() {
    return timeoutMillis / 1000;
  }

  private volatile int timeoutMillis;

  @Override
  public synchronized void setSoTimeout(int millis) throws SocketException {
    timeoutMillis = millis;
    super.setSoTimeout(millis);
  }
}
