package dev.stream.replica.sftp;

import java.time.Instant;
import net.schmizz.sshj.sftp.FileAttributes;

/** Times of the protocol: whole seconds, in 32 bits without a sign. */
final class RemoteTime {

  private RemoteTime() {}

  static Instant of(FileAttributes attributes) {
    return Instant.ofEpochSecond(attributes.getMtime() & 0xffff_ffffL);
  }
}
