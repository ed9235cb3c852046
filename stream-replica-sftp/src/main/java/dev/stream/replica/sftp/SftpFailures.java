package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** Says what a failure of the server means for a replica. */
final class SftpFailures {

  private final String name;
  private final String root;
  private final String user;

  /**
   * For one replica.
   *
   * @param name the replica's name
   * @param root its folder on the server
   */
  SftpFailures(String name, String root, String user) {
    this.name = name;
    this.root = root;
    this.user = user;
  }

  /**
   * The failure as the core understands it.
   *
   * @param doing what was tried, on which object, such as {@code store g/a}
   */
  ReplicaException typed(String doing, IOException failure) {
    if (failure instanceof ReplicaException typed) {
      String said = String.valueOf(typed.getMessage());
      return said.startsWith("cannot " + doing)
          ? typed
          : new ReplicaException(typed.reason(), cannot(doing) + said, typed);
    }
    String said = Login.said(failure);
    StatusCode status =
        failure instanceof SFTPException of ? of.getStatusCode() : StatusCode.UNKNOWN;
    return switch (status) {
      case PERMISSION_DENIED, WRITE_PROTECT, CANNOT_DELETE ->
          new ReplicaException(
              Reason.ACCESS_DENIED,
              cannot(doing) + said + "; let " + user + " write and read in " + root,
              failure);
      case NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED -> full(doing, failure);
      case BAD_MESSAGE, OP_UNSUPPORTED, INVALID_FILENAME, INVALID_PARAMETER ->
          new ReplicaException(
              Reason.REJECTED, cannot(doing) + "the server refuses it: " + said, failure);
      case FAILURE ->
          new ReplicaException(
              Reason.UNAVAILABLE,
              cannot(doing)
                  + "the server says '"
                  + said
                  + "' and no more; its disk may be full, over quota or read-only",
              failure);
      case NO_SUCH_FILE, NO_SUCH_PATH ->
          new ReplicaException(
              Reason.UNAVAILABLE,
              cannot(doing) + said + "; somebody else may be at work in " + root,
              failure);
      default ->
          new ReplicaException(
              Reason.UNAVAILABLE,
              cannot(doing)
                  + "the connection failed: "
                  + said
                  + "; nothing is lost, Stream retries",
              failure);
    };
  }

  ReplicaException full(String doing, IOException failure) {
    return new ReplicaException(
        Reason.UNAVAILABLE,
        cannot(doing) + "no space left on the server's disk; nothing is lost, Stream retries",
        failure);
  }

  /** Whether the server only said that something failed. */
  static boolean isVague(IOException failure) {
    return failure instanceof SFTPException of && of.getStatusCode() == StatusCode.FAILURE;
  }

  private String cannot(String doing) {
    return "cannot " + doing + " in " + name + ": ";
  }
}
