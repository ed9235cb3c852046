package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import net.schmizz.sshj.transport.TransportException;
import org.junit.jupiter.api.Test;

/** Reasons and words for what a server says. */
final class SftpFailuresTest {

  private final SftpFailures failures = new SftpFailures("sftp:u@h:backups", "backups", "u");

  private void assertTyped(IOException failure, Reason reason, String says) {
    ReplicaException typed = failures.typed("store g/a", failure);
    assertThat(typed.reason()).isEqualTo(reason);
    assertThat(typed)
        .hasMessageStartingWith("cannot store g/a in sftp:u@h:backups: ")
        .hasMessageContaining(says)
        .hasCause(failure);
  }

  private static SFTPException status(StatusCode code) {
    return new SFTPException(code, "it says");
  }

  @Test
  void aFailureHasTheReasonThatFits() {
    assertTyped(status(StatusCode.PERMISSION_DENIED), Reason.ACCESS_DENIED, "let u write");
    assertTyped(status(StatusCode.NO_SPACE_ON_FILESYSTEM), Reason.UNAVAILABLE, "no space left");
    assertTyped(status(StatusCode.QUOTA_EXCEEDED), Reason.UNAVAILABLE, "no space left");
    assertTyped(status(StatusCode.FAILURE), Reason.UNAVAILABLE, "may be full");
    assertTyped(status(StatusCode.BAD_MESSAGE), Reason.REJECTED, "refuses it: it says");
    assertTyped(status(StatusCode.OP_UNSUPPORTED), Reason.REJECTED, "refuses it: it says");
    assertTyped(status(StatusCode.NO_SUCH_FILE), Reason.UNAVAILABLE, "somebody else");
    assertTyped(new TransportException("broken pipe"), Reason.UNAVAILABLE, "broken pipe");
    assertTyped(new IOException("silent"), Reason.UNAVAILABLE, "silent");
  }

  @Test
  void aTypedFailureKeepsItsReasonAndIsWrappedOnce() {
    ReplicaException inner = new ReplicaException(Reason.REJECTED, "no such key");
    ReplicaException typed = failures.typed("store g/a", inner);
    assertThat(typed.reason()).isEqualTo(Reason.REJECTED);
    assertThat(typed).hasMessage("cannot store g/a in sftp:u@h:backups: no such key");
    assertThat(failures.typed("store g/a", typed)).isSameAs(typed);
  }
}
