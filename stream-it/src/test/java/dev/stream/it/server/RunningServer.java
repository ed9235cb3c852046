package dev.stream.it.server;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A server under the control of a test. Its address stays the same over all starts. */
public interface RunningServer extends AutoCloseable {

  /** What it is and how it runs, for the test's output. */
  String description();

  /** Where a declared port is reached. */
  InetSocketAddress address(int declared);

  /** Ends it as {@code kill -9} does; its data stays. */
  void kill() throws Exception;

  /** Starts it again after {@link #kill}, and waits until it is ready. */
  void start() throws Exception;

  /** Stops it in its tracks: connections stay open, nothing answers. */
  void pause() throws Exception;

  /** Lets it go on. */
  void resume() throws Exception;

  /** What it has said on its outputs since its first start. */
  String log() throws Exception;

  /** Ends it and removes all it kept. */
  @Override
  void close() throws IOException;
}
