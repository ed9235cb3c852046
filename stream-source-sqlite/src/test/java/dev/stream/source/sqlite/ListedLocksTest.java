package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system's list of locks says of a file, in all forms that its lines have. */
final class ListedLocksTest {

  private static final byte[] FILE = ListedLocks.file(4711);

  @TempDir private Path folder;

  @Test
  void anExclusiveLockCountsOnlyIfItCoversTheBytes() throws IOException {
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 12 fe:01:4711 120 121")).isTrue();
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 12 fe:01:4711 120 127")).isTrue();
    assertThat(isCheckpointing("9: OFDLCK ADVISORY  WRITE -1 fe:01:4711 120 128")).isTrue();
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 12 fe:01:4711 120 120")).isFalse();
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 12 fe:01:4711 121 121")).isFalse();
    assertThat(isCheckpointing("1: POSIX  ADVISORY  READ  12 fe:01:4711 120 121")).isFalse();
    assertThat(isCheckpointing("1: -> POSIX  ADVISORY  WRITE 12 fe:01:4711 120 121")).isFalse();
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 12 fe:01:4711 0 EOF")).isFalse();
  }

  @Test
  void aLockOfAnotherFileDoesNotCount() throws IOException {
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 12 fe:01:47110 120 121")).isFalse();
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 12 fe:01:14711 120 121")).isFalse();
    assertThat(isCheckpointing("1: POSIX  ADVISORY  WRITE 4711 fe:4711:12 120 121")).isFalse();
    assertThat(
            isCheckpointing(
                "1: POSIX  ADVISORY  READ  12 fe:01:4711 123 123",
                "2: POSIX  ADVISORY  WRITE 13 fe:01:12 120 121",
                "3: POSIX  ADVISORY  READ  12 fe:01:4711 128 128"))
        .isFalse();
    assertThat(
            isCheckpointing(
                "1: POSIX  ADVISORY  READ  12 fe:01:4711 123 123",
                "2: POSIX  ADVISORY  WRITE 13 fe:01:4711 120 121"))
        .isTrue();
  }

  @Test
  void ownLocksAreNotThoseOfOthers() throws IOException {
    assertThat(isLockedByOthers("1: POSIX  ADVISORY  READ  12 fe:01:4711 0 1")).isFalse();
    assertThat(isLockedByOthers("1: POSIX  ADVISORY  READ  123 fe:01:4711 0 1")).isTrue();
    assertThat(isLockedByOthers("1: POSIX  ADVISORY  READ  123 fe:01:12 0 1")).isFalse();
    assertThat(
            isLockedByOthers(
                "1: POSIX  ADVISORY  READ  12 fe:01:4711 0 1",
                "2: POSIX  ADVISORY  READ  5 fe:01:4711 0 1"))
        .isTrue();
  }

  @Test
  void aLongListIsReadToItsEndAndAMissingOneIsEmpty() throws IOException {
    String[] many = new String[2000];
    for (int i = 0; i < many.length; i++) {
      many[i] = i + ": POSIX  ADVISORY  WRITE 12 fe:01:" + (5000 + i) + " 120 121";
    }
    many[many.length - 1] = "1: POSIX  ADVISORY  WRITE 12 fe:01:4711 120 121";
    assertThat(isCheckpointing(many)).isTrue();
    Files.delete(folder.resolve("locks"));
    ListedLocks missing = new ListedLocks(folder.resolve("locks"));
    missing.read();
    assertThat(missing.isExclusivelyLocked(FILE, 120, 121)).isFalse();
    assertThat(missing.isLockedByOthers(FILE, 12)).isFalse();
  }

  private boolean isCheckpointing(String... lines) throws IOException {
    return read(lines).isExclusivelyLocked(FILE, 120, 121);
  }

  private boolean isLockedByOthers(String... lines) throws IOException {
    return read(lines).isLockedByOthers(FILE, 12);
  }

  private ListedLocks read(String... lines) throws IOException {
    Path list = folder.resolve("locks");
    Files.writeString(list, String.join("\n", lines) + "\n");
    ListedLocks locks = new ListedLocks(list);
    locks.read();
    locks.read();
    return locks;
  }
}
