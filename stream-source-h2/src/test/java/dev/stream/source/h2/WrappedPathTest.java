package dev.stream.source.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.h2.store.fs.FilePath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other file systems of H2's around {@code stream:}. */
final class WrappedPathTest {

  @TempDir Path folder;

  @BeforeAll
  static void register() {
    FilePath.register(new StreamFilePath());
  }

  @Test
  void aSplitStoreIsRefusedForOnlyItsFirstPartWouldBeCaptured() throws Exception {
    Path database = folder.resolve("app");
    assertThatThrownBy(() -> open("jdbc:h2:split:20:stream:" + database))
        .isInstanceOf(SQLException.class)
        .hasStackTraceContaining("only the first would be replicated");
    assertThat(folder.resolve("app.mv.db.1.part")).doesNotExist();
    open("jdbc:h2:stream:" + database);
  }

  @Test
  void whatKeepsOneFileIsNotTakenForASplitStore() throws Exception {
    FilePath path = FilePath.get("retry:stream:" + folder.resolve("one"));
    try (FileChannel channel = path.open("rw")) {
      assertThat(channel.size()).isZero();
    }
  }

  private static void open(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }
}
