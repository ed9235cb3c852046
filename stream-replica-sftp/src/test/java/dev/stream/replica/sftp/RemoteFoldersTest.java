package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RemoteFoldersTest {

  @ParameterizedTest
  @CsvSource({
    "backups, backups/g/a",
    "backups//, backups/g/a",
    "/srv/b, /srv/b/g/a",
    "/, /g/a",
    "~/backups, backups/g/a",
    "~//backups/, backups/g/a",
    "~, ./g/a",
    "~/, ./g/a"
  })
  void aPathIsWhatItsWriterMeant(String path, String expected) {
    assertThat(new RemoteFolders(path).path("g/a")).isEqualTo(expected);
  }
}
