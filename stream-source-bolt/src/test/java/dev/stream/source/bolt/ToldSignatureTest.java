package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a signature is told. */
final class ToldSignatureTest {

  @TempDir Path folder;

  private final SignatureListener told = new SignatureListener();

  @SuppressWarnings("NullAway.Init")
  private Path path;

  @SuppressWarnings("NullAway.Init")
  private BoltMeta last;

  @SuppressWarnings("NullAway.Init")
  private BoltState known;

  @SuppressWarnings("NullAway.Init")
  private ToldSignature signature;

  @BeforeEach
  void write() throws IOException {
    path = Fixture.written(folder);
    last = Fixture.takeBack(path);
    known = read();
    signature = new ToldSignature(path, told);
  }

  private BoltState read() throws IOException {
    try (BoltFile file = BoltFile.open(path);
        Reading reading =
            Reading.read(
                file, file.newest(), Proof.still(), file.identity(), null, false, folder)) {
      return reading.settle();
    }
  }

  @Test
  void theSameIsToldOnce() throws Exception {
    signature.tell(known);
    signature.tell(known);
    assertThat(told.signatures()).hasSize(1);
    Fixture.commit(path, last);
    signature.tell(read());
    assertThat(told.signatures()).hasSize(2);
  }

  /** It is kept durably, which costs as much as a commit. */
  @Test
  void notEveryStateIsTold() {
    signature.after(known);
    assertThat(told.signatures()).isEmpty();
  }

  /** Else what was never captured would be known again, and taken for what was. */
  @Test
  void aStateThatIsNoLongerTheNewestIsNotTold() throws Exception {
    Fixture.commit(path, last);
    signature.tell(known);
    assertThat(told.signatures()).isEmpty();
  }

  @Test
  void thatOfAnotherFileInItsPlaceIsNotTold() throws Exception {
    Path other = Files.copy(path, folder.resolve("other.db"));
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    signature.tell(known);
    assertThat(told.signatures()).isEmpty();
  }

  @Test
  void whatIsInDoubtIsNotToldAtTheEnd() throws Exception {
    for (String doubt : List.of("", "somebody asked for it")) {
      Attempts attempts = new Attempts(path, folder, new FileClone(List.of("false"), folder));
      FileCapture capture = new FileCapture(attempts, told, 0, "nothing was captured before");
      assertThat(capture.deliver(1, () -> false)).isTrue();
      if (!doubt.isEmpty()) {
        capture.doubt(doubt);
      }
      capture.end();
      attempts.close();
      assertThat(told.signatures()).as(doubt).hasSize(1);
    }
  }
}
