package dev.stream.replica.sftp;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;

/** Says what a failure of the server means for a replica. */
final class SftpFailures {

  private final ReplicaFailures failures;
  private final String root;
  private final String user;

  /**
   * For one replica.
   *
   * @param name the replica's name
   * @param root its folder on the server
   */
  SftpFailures(String name, String root, String user) {
    this.failures = new ReplicaFailures(name);
    this.root = root;
    this.user = user;
  }

  /**
   * The failure as the core understands it.
   *
   * @param doing what was tried, on which object, such as {@code store g/a}
   */
  ReplicaException typed(String doing, IOException failure) {
    String said = ReplicaFailures.messageOf(failure);
    if (failure instanceof ReplicaException typed) {
      return said.startsWith("cannot " + doing)
          ? typed
          : failures.of(typed.reason(), doing, said, typed);
    }
    StatusCode status =
        failure instanceof SFTPException of ? of.getStatusCode() : StatusCode.UNKNOWN;
    return switch (status) {
      case PERMISSION_DENIED, WRITE_PROTECT, CANNOT_DELETE -> {
        String advice = "; let " + user + " write and read in " + root;
        yield failures.of(Reason.ACCESS_DENIED, doing, said + advice, failure);
      }
      case NO_SPACE_ON_FILESYSTEM, QUOTA_EXCEEDED -> full(doing, failure);
      case BAD_MESSAGE, OP_UNSUPPORTED, INVALID_FILENAME, INVALID_PARAMETER ->
          failures.of(Reason.REJECTED, doing, "the server refuses it: " + said, failure);
      case FAILURE -> {
        String advice = "' and no more; its disk may be full, over quota or read-only";
        yield unavailable(doing, "the server says '" + said + advice, failure);
      }
      case NO_SUCH_FILE, NO_SUCH_PATH ->
          unavailable(doing, said + "; somebody else may be at work in " + root, failure);
      default -> {
        String advice = "; nothing is lost, Stream retries";
        yield unavailable(doing, "the connection failed: " + said + advice, failure);
      }
    };
  }

  ReplicaException full(String doing, IOException failure) {
    String why = "no space left on the server's disk; nothing is lost, Stream retries";
    return unavailable(doing, why, failure);
  }

  ReplicaException absent(ObjectKey key) {
    return failures.absent(key);
  }

  private ReplicaException unavailable(String doing, String why, IOException failure) {
    return failures.of(Reason.UNAVAILABLE, doing, why, failure);
  }

  /** Whether the server only said that something failed. */
  static boolean isVague(IOException failure) {
    return failure instanceof SFTPException of && of.getStatusCode() == StatusCode.FAILURE;
  }
}
