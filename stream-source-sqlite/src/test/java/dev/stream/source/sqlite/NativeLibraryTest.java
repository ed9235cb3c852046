package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {

  @Test
  void theMountThatAFolderIsOnTellsWhetherProgramsRunThere() {
    List<String> mounts =
        List.of(
            "/dev/sda1 / ext4 rw,relatime 0 0",
            "tmpfs /tmp tmpfs rw,nosuid,noexec 0 0",
            "tmpfs /tmp/with\\040blank tmpfs rw 0 0",
            "tmpfs /srv tmpfs rw 0 0",
            "tmpfs /srv tmpfs rw,noexec 0 0");
    assertThat(NativeLibrary.isNoExec(Path.of("/tmp/a"), mounts)).isTrue();
    assertThat(NativeLibrary.isNoExec(Path.of("/tmp/with blank/a"), mounts)).isFalse();
    assertThat(NativeLibrary.isNoExec(Path.of("/tmpfile"), mounts)).isFalse();
    assertThat(NativeLibrary.isNoExec(Path.of("/srv"), mounts)).isTrue();
    assertThat(NativeLibrary.isNoExec(Path.of("/var/tmp"), mounts)).isFalse();
  }
}
