package dev.stream.it.server;

/** Where a server finds its things, which differs between a container and a local process. */
public interface Layout {

  /** The folder for what the server keeps; it outlives {@link RunningServer#kill}. */
  String data();

  /** The path of one of the recipe's files. */
  String file(String name);

  /** The address to listen on. */
  String bind();

  /** The port to listen on, for one that the recipe declares. */
  int port(int declared);
}
