package dev.stream.source.bolt;

import dev.stream.api.file.NetworkFileSystems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Refuses files of another machine: what this machine reads of them may be older than what the
 * writer wrote before it, so that no reading proves anything.
 */
final class NetworkFileSystem {

  private NetworkFileSystem() {}

  static void refuse(Path file) throws IOException {
    refuse(file, Files.getFileStore(file).type());
  }

  /**
   * Refuses a file by the type of its file system.
   *
   * @throws IOException if it is one of a network
   */
  static void refuse(Path file, String type) throws IOException {
    if (NetworkFileSystems.isOne(type)) {
      throw new IOException(
          file
              + " is on a network file system ("
              + type
              + "). What another machine writes there arrives here in no order, so that no state of a"
              + " bolt database could be proven; run Stream on the machine that has the file on its"
              + " own disk");
    }
  }
}
