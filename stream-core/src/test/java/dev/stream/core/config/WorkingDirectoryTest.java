package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkingDirectoryTest {

  @Test
  void aRelativePathIsRefusedWhereItsFolderHasAnotherName(@TempDir Path folder) throws IOException {
    Path real = Files.createDirectory(folder.resolve("real"));
    Path other = Files.createDirectory(folder.resolve("r??l"));
    Path relative = Path.of("app.db");
    assertThat(WorkingDirectory.problem(relative, real, real)).isNull();
    assertThat(WorkingDirectory.problem(relative, other, real))
        .contains("is relative", "LC_ALL=C.UTF-8");
    assertThat(WorkingDirectory.problem(relative, folder.resolve("gone"), real)).isNotNull();
    assertThat(WorkingDirectory.problem(folder.resolve("app.db"), other, real)).isNull();
    assertThat(WorkingDirectory.problem(relative)).isNull();
  }
}
