package dev.stream.it.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ends the servers that tests left running when the JVM ends. */
final class AtExit {

  private static final Set<AutoCloseable> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtExit::closeAll, "servers at exit"));
  }

  private AtExit() {}

  static void close(AutoCloseable server) {
    OPEN.add(server);
  }

  static void forget(AutoCloseable server) {
    OPEN.remove(server);
  }

  private static void closeAll() {
    for (AutoCloseable server : OPEN) {
      try {
        server.close();
      } catch (Exception e) {
        System.err.println("left behind: " + server + ": " + e);
      }
    }
  }
}
