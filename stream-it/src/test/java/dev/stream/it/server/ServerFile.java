package dev.stream.it.server;

/** A file that a server needs before it starts. */
public final class ServerFile {

  private final byte[] content;
  private final int mode;

  /**
   * Describes a file.
   *
   * @param mode permissions, such as {@code 0600}
   */
  public ServerFile(byte[] content, int mode) {
    this.content = content.clone();
    this.mode = mode;
  }

  byte[] content() {
    return content;
  }

  int mode() {
    return mode;
  }
}
