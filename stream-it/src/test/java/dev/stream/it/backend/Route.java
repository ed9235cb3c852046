package dev.stream.it.backend;

import java.io.IOException;
import java.util.Map;

/** A way from Stream to a server that a test can block. For one thread. */
interface Route extends AutoCloseable {

  /** A way of its own; the caller closes it. */
  static Route to(Backend backend) throws Exception {
    return backend instanceof FileBackend folder ? folder.route() : new ProxyRoute(backend);
  }

  /** As {@link Backend#config(String)}, for a replica that goes this way. */
  Map<String, Object> config(String place) throws Exception;

  /**
   * Waits until so many more bytes went to the server, then lets nothing through: what was under
   * way breaks in its midst.
   */
  void breakAfter(long bytes) throws Exception;

  /** Lets everything through again. */
  void mend() throws Exception;

  @Override
  void close() throws IOException;
}
