package dev.stream.it.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client's connection through a {@link TcpProxy}, and the one to the server that goes with it.
 */
final class ProxiedConnection {

  static final int CHUNK = 64 << 10;

  private final TcpProxy proxy;
  private final Socket client;
  private final Socket server = new Socket();
  private final DelayLine toServer = new DelayLine();
  private final DelayLine toClient = new DelayLine();
  private final AtomicInteger open = new AtomicInteger(2);

  ProxiedConnection(TcpProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  void start(InetSocketAddress target) {
    Daemons.run("proxied to " + target, () -> begin(target));
  }

  private void begin(InetSocketAddress target) throws IOException, InterruptedException {
    try {
      // The client's connection stands already; over a distance that had taken a round trip.
      TimeUnit.NANOSECONDS.sleep(proxy.roundTrip().toNanos());
      server.connect(target);
      server.setTcpNoDelay(true);
      client.setTcpNoDelay(true);
    } catch (IOException e) {
      breakOff();
      throw e;
    }
    Daemons.run("from client", () -> fill(client.getInputStream(), toServer));
    Daemons.run("to server", () -> drain(toServer, server, true));
    Daemons.run("from server", () -> fill(server.getInputStream(), toClient));
    Daemons.run("to client", () -> drain(toClient, client, false));
  }

  private void fill(InputStream from, DelayLine line) throws IOException, InterruptedException {
    byte[] buffer = new byte[CHUNK];
    try {
      for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
        long due = System.nanoTime() + proxy.roundTrip().toNanos() / 2;
        line.put(Arrays.copyOf(buffer, count), due);
      }
      line.end();
    } catch (IOException e) {
      breakOff();
      throw e;
    }
  }

  private void drain(DelayLine line, Socket to, boolean isServer)
      throws IOException, InterruptedException {
    try {
      OutputStream out = to.getOutputStream();
      Optional<byte[]> next = line.take();
      while (next.isPresent()) {
        proxy.awaitFlow();
        byte[] bytes = next.get();
        if (isServer) {
          int allowed = proxy.allowance(bytes.length);
          out.write(bytes, 0, allowed);
          proxy.passedToServer(allowed);
        } else {
          out.write(bytes);
          proxy.passedToClient(bytes.length);
        }
        next = line.take();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      breakOff();
      throw e;
    }
    if (open.decrementAndGet() == 0) {
      close();
    }
  }

  /**
   * Drops what is under way and ends both connections: the client's with a reset, so that it
   * notices at once, the server's so that it still receives all that was passed on.
   */
  void breakOff() {
    toServer.breakOff();
    toClient.breakOff();
    try {
      client.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already.
    }
    close();
  }

  private void close() {
    TcpProxy.close(client);
    TcpProxy.close(server);
    proxy.ended(this);
  }
}
