package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import net.schmizz.sshj.sftp.Response.StatusCode;
import net.schmizz.sshj.sftp.SFTPException;
import org.junit.jupiter.api.Test;

/** When a file goes through one channel only. */
final class UploadWidthTest {

  private final UploadWidth width = new UploadWidth("sftp:test");

  @Test
  void aServerThatRefusesSeveralAndTakesOneIsRemembered() {
    width.onlyOneWorked(new SFTPException(StatusCode.FAILURE, "Illegal seek"));
    assertThat(width.maySeveral()).isFalse();
  }

  @Test
  void aConnectionThatBreaksOnceIsNoReasonButTwiceInARow() {
    breaksAndGoesThroughOne();
    assertThat(width.maySeveral()).isTrue();
    width.severalWorked();
    breaksAndGoesThroughOne();
    assertThat(width.maySeveral()).isTrue();
    breaksAndGoesThroughOne();
    assertThat(width.maySeveral()).isFalse();
  }

  /** As rclone is in channels in which writes wait for those before them. */
  @Test
  void aServerThatIsSilentMayAnswerInAnotherChannel() {
    NoAnswerException silence = new NoAnswerException(Duration.ofSeconds(10));
    assertThat(UploadWidth.mayBeToBlame(silence)).isTrue();
    assertThat(UploadWidth.mayTryAgainAtOnce(silence)).isTrue();
    width.onlyOneWorked(silence);
    assertThat(width.maySeveral()).isTrue();
    width.onlyOneWorked(silence);
    assertThat(width.maySeveral()).isFalse();
  }

  private void breaksAndGoesThroughOne() {
    IOException broken = new IOException("connection reset");
    assertThat(UploadWidth.mayTryAgainAtOnce(broken)).isFalse();
    width.broke(broken);
    assertThat(width.maySeveral()).as("right after it broke").isFalse();
    width.oneWorked();
  }

  @Test
  void whatHasAnotherCauseIsNotTriedAgain() {
    assertThat(
            UploadWidth.mayBeToBlame(new ReplicaException(Reason.REJECTED, "its content is short")))
        .isFalse();
    assertThat(UploadWidth.mayBeToBlame(new InterruptedIOException())).isFalse();
    assertThat(UploadWidth.mayBeToBlame(new SFTPException(StatusCode.PERMISSION_DENIED, "no")))
        .isFalse();
    assertThat(
            UploadWidth.mayBeToBlame(new SFTPException(StatusCode.NO_SPACE_ON_FILESYSTEM, "full")))
        .isFalse();
    assertThat(UploadWidth.mayBeToBlame(new SFTPException(StatusCode.FAILURE, "?"))).isTrue();
    assertThat(UploadWidth.mayBeToBlame(new IOException("connection reset"))).isTrue();
  }
}
