package dev.stream.source.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.OpenObserver;
import dev.stream.api.database.PagedDatabase;
import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.testkit.database.ReplayedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to observers when databases open and close. */
@Timeout(120)
final class H2StreamTest {

  @TempDir Path folder;

  /** Notes what it is asked, and can be told to put a file in place or to refuse. */
  private static final class Noting implements OpenObserver {
    private final Path path;
    private final List<String> calls = new ArrayList<>();
    private final ReplayedDatabase replay = ReplayedDatabase.inMemory();
    private byte @Nullable [] missing;
    private @Nullable String refusal;

    Noting(Path path) {
      this.path = path;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public void opening(PagedDatabaseProvider<?> provider, @Nullable String defect)
        throws IOException {
      calls.add("opening " + (defect == null ? Files.exists(path) ? "sound" : "missing" : defect));
      if (missing != null && Files.notExists(path)) {
        Files.write(path, missing);
      }
    }

    @Override
    public AutoCloseable opened(PagedDatabase database) throws IOException {
      if (refusal != null) {
        throw new IOException(refusal);
      }
      calls.add("opened");
      database.start(replay.resumePosition(), replay);
      return () -> {
        calls.add("closed");
        database.close();
      };
    }
  }

  private Path file() {
    return folder.resolve("app.mv.db");
  }

  private Connection connect(String scheme) throws SQLException {
    return DriverManager.getConnection("jdbc:h2:" + scheme + folder + "/app;WRITE_DELAY=0");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute(sql);
    }
  }

  @Test
  void theSchemeIsKnownToWhoeverLooksForDrivers() {
    assertThat(H2Stream.class.getModule().getDescriptor().provides())
        .as("DriverManager makes one of each before the first connection")
        .anyMatch(
            one ->
                one.service().equals(Driver.class.getName())
                    && one.providers().contains(SchemeDriver.class.getName()));
    assertThat(new SchemeDriver().acceptsURL("jdbc:h2:stream:/data/app")).isFalse();
  }

  @Test
  void anObserverIsAskedBeforeAndToldAfter() throws Exception {
    Noting observer = new Noting(file());
    try (H2Registration registration = H2Stream.register(observer)) {
      assertThat(observer.calls).containsExactly("opening missing");
      observer.calls.clear();
      assertThat(registration.isAttached()).isFalse();
      try (Connection connection = connect("stream:")) {
        assertThat(observer.calls).containsExactly("opening missing", "opened");
        assertThat(registration.isAttached()).isTrue();
        execute(connection, "CREATE TABLE t(x INT)");
        assertThat(observer.replay.bytes()).isEqualTo(Files.readAllBytes(file()));
      }
      assertThat(observer.calls).endsWith("closed");
      assertThat(registration.isAttached()).isFalse();
      assertThat(observer.replay.bytes()).isEqualTo(Files.readAllBytes(file()));
      observer.calls.clear();
      connect("stream:").close();
      assertThat(observer.calls).containsExactly("opening sound", "opened", "closed");
      assertThat(registration.failures()).isZero();
    }
    observer.calls.clear();
    connect("stream:").close();
    assertThat(observer.calls).as("calls after it was taken off").isEmpty();
  }

  @Test
  void whatAnObserverPutsInPlaceIsOpened() throws Exception {
    try (Connection connection = connect("")) {
      execute(connection, "CREATE TABLE precious AS SELECT 42 AS x");
    }
    Noting observer = new Noting(file());
    observer.missing = Files.readAllBytes(file());
    Files.delete(file());
    String ifExists = "jdbc:h2:stream:" + folder + "/app;IFEXISTS=TRUE";
    try (H2Registration registration = H2Stream.register(observer);
        Connection connection = DriverManager.getConnection(ifExists)) {
      assertThat(registration.isAttached()).isTrue();
      execute(connection, "UPDATE precious SET x = 43");
    }
  }

  @Test
  void aDefectiveFileIsDescribed() throws Exception {
    Noting observer = new Noting(file());
    Files.write(file(), new byte[20_000]);
    try (H2Registration registration = H2Stream.register(observer)) {
      assertThatThrownBy(() -> connect("stream:")).isInstanceOf(SQLException.class);
      assertThat(observer.calls).hasSize(1);
      assertThat(observer.calls.get(0)).startsWith("opening H2 cannot open it (");
      assertThat(Files.readAllBytes(file())).isEqualTo(new byte[20_000]);
      Files.write(file(), new byte[0]);
      observer.calls.clear();
      connect("stream:").close();
      assertThat(observer.calls).containsExactly("opening it is empty", "opened", "closed");
      assertThat(registration.failures()).isZero();
    }
  }

  @Test
  void aDatabaseWhoseObserverCannotBeginIsNotOpened() throws Exception {
    try (Connection connection = connect("")) {
      execute(connection, "CREATE TABLE t(x INT)");
    }
    byte[] before = Files.readAllBytes(file());
    Noting first = new Noting(file());
    Noting second = new Noting(file());
    second.refusal = "the shadow directory is read-only";
    try (H2Registration one = H2Stream.register(first);
        H2Registration two = H2Stream.register(second)) {
      assertThatThrownBy(() -> connect("stream:"))
          .isInstanceOf(SQLException.class)
          .hasStackTraceContaining("the shadow directory is read-only");
      assertThat(first.calls).endsWith("opened", "closed");
      assertThat(one.isAttached() || two.isAttached()).isFalse();
      assertThat(Files.readAllBytes(file())).isEqualTo(before);
      second.refusal = null;
      connect("stream:").close();
      assertThat(second.calls).endsWith("opened", "closed");
    }
  }

  @Test
  void observersComeAndGoWhileTheDatabaseIsOpen() throws Exception {
    H2Stream.install();
    try (Connection connection = connect("stream:")) {
      execute(connection, "CREATE TABLE t(x INT)");
      Noting first = new Noting(file());
      Noting second = new Noting(file());
      H2Registration one = H2Stream.register(first);
      assertThat(first.calls).containsExactly("opened");
      execute(connection, "INSERT INTO t VALUES(1)");
      H2Registration two = H2Stream.register(second);
      execute(connection, "INSERT INTO t VALUES(2)");
      byte[] both = Files.readAllBytes(file());
      assertThat(first.replay.bytes()).isEqualTo(both);
      assertThat(second.replay.bytes()).isEqualTo(both);
      one.close();
      one.close();
      execute(connection, "INSERT INTO t VALUES(3)");
      assertThat(first.replay.bytes()).isEqualTo(both);
      assertThat(second.replay.bytes()).isEqualTo(Files.readAllBytes(file()));
      two.close();
      execute(connection, "INSERT INTO t VALUES(4)");
      assertThat(second.calls).containsExactly("opened", "closed");
    }
  }

  @Test
  void aDatabaseThatIsNotOpenCannotBeCaptured() {
    assertThatThrownBy(() -> new H2DatabaseProvider().open(new H2Config(file())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("jdbc:h2:stream:")
        .hasMessageContaining("H2Stream.register");
  }

  @Test
  void aPathWithoutTheFilesSuffixIsNoticed() throws Exception {
    try (H2Registration registration = H2Stream.register(new Noting(folder.resolve("app")))) {
      assertThatThrownBy(() -> connect("stream:"))
          .hasStackTraceContaining("app.mv.db")
          .hasStackTraceContaining("Correct \"path\"");
      assertThat(registration.isAttached()).isFalse();
    }
    connect("stream:").close();
  }

  @Test
  void onlyFilesOnADiskCanBeObserved() {
    H2Stream.install();
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:h2:stream:split:" + folder + "/s"))
        .hasStackTraceContaining("a single file on a disk");
  }

  @Test
  void linksLeadToTheSameStore() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    Noting observer = new Noting(link.resolve("app.mv.db"));
    try (H2Registration registration = H2Stream.register(observer);
        Connection connection = connect("stream:")) {
      assertThat(registration.isAttached()).isTrue();
      execute(connection, "CREATE TABLE t(x INT)");
      assertThat(observer.replay.bytes()).isEqualTo(Files.readAllBytes(file()));
    }
  }

  @Test
  void anInterruptedWriterClosesTheStoreAsItWouldOtherwise() throws Exception {
    Noting observer = new Noting(file());
    try (H2Registration registration = H2Stream.register(observer)) {
      Connection connection = connect("stream:");
      execute(connection, "CREATE TABLE t(x INT)");
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(() -> execute(connection, "INSERT INTO t VALUES(1)"))
            .isInstanceOf(SQLException.class);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThatThrownBy(() -> execute(connection, "INSERT INTO t VALUES(2)"))
          .isInstanceOf(SQLException.class);
      try (Connection again = connect("stream:")) {
        execute(again, "INSERT INTO t VALUES(3)");
        assertThat(observer.replay.bytes()).isEqualTo(Files.readAllBytes(file()));
        assertThat(registration.isAttached()).isTrue();
      }
    }
  }
}
