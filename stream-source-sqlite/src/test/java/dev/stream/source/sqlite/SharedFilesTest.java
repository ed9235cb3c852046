package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether Stream, as another user, would lock an application out of its database. */
final class SharedFilesTest {

  @ParameterizedTest
  @CsvSource({
    "rw-rw----, true, false",
    "rw-rw----, false, true",
    "rw-r-----, true, true",
    "rw-r--r--, true, true",
    "rw-rw-rw-, false, false",
    "rw-------, true, true"
  })
  void whoMayWriteTheLogDecides(String mode, boolean ofGroup, boolean locked) {
    assertThat(SharedFiles.locksOut(PosixFilePermissions.fromString(mode), ofGroup))
        .isEqualTo(locked);
  }
}
