package dev.stream.it.backend;

import dev.stream.it.server.RunningServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** A kind of replica on a real server. */
public interface Backend extends AutoCloseable {

  /** The replica's type. */
  String type();

  /** The server. */
  RunningServer server();

  /** Where the server is reached. */
  InetSocketAddress address();

  /**
   * The keys of a configuration, without {@code type}, of a replica at a place of this name ({@code
   * [a-z0-9-]+}). A place is made on the server when it is first asked for, where that is needed,
   * and is empty then.
   */
  default Map<String, Object> config(String place) throws Exception {
    return config(place, address());
  }

  /** The same, with the server reached through another address, as of a proxy. */
  Map<String, Object> config(String place, InetSocketAddress via) throws Exception;

  /** What must never be seen in a log or a message. */
  List<String> secrets();

  /** What the server was asked for so far, over all places. */
  Requests requests() throws Exception;

  @Override
  void close() throws IOException;
}
