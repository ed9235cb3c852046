package dev.stream.it.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports of this machine. */
final class Ports {

  /** Where no system takes the ports of outgoing connections from: they stay free over a kill. */
  private static final int LOWEST = 15_000;

  private static final int HIGHEST = 30_000;

  /** Not the JVM's own loopback address, which may be that of IPv6, where no container is bound. */
  private static final InetAddress LOOPBACK = loopback();

  private Ports() {}

  /** A free port for each of these. */
  static Map<Integer, Integer> free(List<Integer> declared) {
    Map<Integer, Integer> ports = new LinkedHashMap<>();
    for (int port : declared) {
      int free = free();
      while (ports.containsValue(free)) {
        free = free();
      }
      ports.put(port, free);
    }
    return ports;
  }

  static InetSocketAddress address(Map<Integer, Integer> ports, int declared) {
    Integer port = ports.get(declared);
    if (port == null) {
      throw new IllegalArgumentException(
          "port " + declared + " is not among the recipe's, which are " + ports.keySet());
    }
    return new InetSocketAddress(LOOPBACK, port);
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }

  private static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(LOOPBACK, port));
        return port;
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }
}
