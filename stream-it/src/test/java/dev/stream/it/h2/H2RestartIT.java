package dev.stream.it.h2;

import static dev.stream.it.h2.ObservedH2.number;
import static dev.stream.it.h2.ObservedH2.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.Replica;
import dev.stream.core.StreamController;
import dev.stream.core.event.NewGenerationRefusedException;
import dev.stream.it.Await;
import dev.stream.it.Bytes;
import dev.stream.it.Restores;
import dev.stream.it.Shell;
import dev.stream.it.Stores;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start finds after the one before, and what it makes of it. */
final class H2RestartIT {

  private static final String NO_PROOF = "H2 keeps no log";
  private static final String CREATE = "CREATE TABLE t(n INT PRIMARY KEY, v VARBINARY(5000))";
  private static final String INSERT =
      "INSERT INTO t SELECT (SELECT COALESCE(MAX(n), 0) FROM t) + x, SECURE_RAND(2000)"
          + " FROM SYSTEM_RANGE(1, 20)";
  private static final String COUNT = "SELECT COUNT(*) FROM t";

  @TempDir Path folder;
  private Path file;
  private ObservedH2 database;

  @BeforeEach
  void create() throws Exception {
    file = folder.resolve("app.mv.db");
    use(false);
    try (H2Registration registration = database.register();
        Connection connection = database.connect()) {
      assertThat(registration.isAttached()).isTrue();
      run(connection, CREATE, INSERT);
    }
    database.assertReplicated();
  }

  /** Uses the database with what was there, as a process does that is started again. */
  private void use(boolean restore) throws IOException {
    database = ObservedH2.in(folder, file, restore);
  }

  /** Opens the database through Stream, writes, and closes it. */
  private void session(ObservedH2 opened, long rows) throws Exception {
    try (H2Registration registration = opened.register()) {
      try (Connection connection = opened.connect()) {
        assertThat(number(connection, COUNT)).isEqualTo(rows);
        run(connection, INSERT);
        opened.assertReplicated();
      }
      assertThat(registration.isAttached()).isFalse();
      assertThat(registration.failures()).isZero();
    }
    opened.assertReplicated();
  }

  private long snapshots() throws IOException {
    try (Stream<Path> files = Files.walk(ObservedH2.replica(folder))) {
      return files.filter(path -> path.getParent().endsWith("snapshots")).count();
    }
  }

  @Test
  void orderlyCloseGoesOnWithoutAnotherSnapshot() throws Exception {
    session(database, 20);
    database.assertWentOn();
    session(database, 40);
    database.assertWentOn();
    assertThat(snapshots()).isEqualTo(1);
  }

  @Test
  void writeWithoutStreamIsCaughtUp() throws Exception {
    try (Connection connection = database.connectPlainly()) {
      run(connection, INSERT);
    }
    session(database, 40);
    database.assertCaughtUp(NO_PROOF);
    assertThat(snapshots()).isEqualTo(1);
  }

  @Test
  void readingWithoutStreamGoesOn() throws Exception {
    byte[] before = database.bytes();
    try (Connection connection =
        DriverManager.getConnection(ObservedH2.url("", file) + ";ACCESS_MODE_DATA=r")) {
      assertThat(number(connection, COUNT)).isEqualTo(20);
    }
    Bytes.assertSame("file that was read only", database.bytes(), before);
    session(database, 20);
    database.assertWentOn();
  }

  @Test
  void openingWithoutStreamIsAsGoodAsWhatItDidToTheFile() throws Exception {
    byte[] before = database.bytes();
    try (Connection connection = database.connectPlainly()) {
      assertThat(number(connection, COUNT)).isEqualTo(20);
    }
    boolean same = Arrays.equals(before, database.bytes());
    session(database, 20);
    if (same) {
      database.assertWentOn();
    } else {
      database.assertCaughtUp(NO_PROOF);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"COMPACT", "DEFRAG"})
  void compactionIsCaughtUpAndLosesNothing(String how) throws Exception {
    try (H2Registration registration = database.register();
        Connection connection = database.connect()) {
      run(connection, INSERT, "DELETE FROM t WHERE MOD(n, 2) = 0", "SHUTDOWN " + how);
      assertThat(registration.isAttached()).isFalse();
    }
    // The replica has the database as it was closed, before it was written anew.
    Path restored = folder.resolve("restored.mv.db");
    Files.write(restored, database.newest());
    try (Connection connection = DriverManager.getConnection(ObservedH2.url("", restored))) {
      assertThat(number(connection, COUNT)).isEqualTo(20);
    }
    session(database, 20);
    database.assertCaughtUp(NO_PROOF);
    assertThat(snapshots()).isEqualTo(1);
  }

  @Test
  void replacedFileIsCaughtUp() throws Exception {
    Path other = folder.resolve("other.mv.db");
    try (Connection connection = DriverManager.getConnection(ObservedH2.url("", other))) {
      run(connection, CREATE, INSERT, INSERT, INSERT);
    }
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    session(database, 60);
    database.assertCaughtUp(NO_PROOF);
  }

  @Test
  void deletedFileIsNoDatabaseToReplicateUnlessAccepted() throws Exception {
    Files.delete(file);
    byte[] replicated = newest(folder);
    for (int start = 0; start < 2; start++) { // the file that H2 created meanwhile changes nothing
      try (H2Registration registration = database.register()) {
        assertThatThrownBy(database::connect)
            .rootCause()
            .isInstanceOf(NewGenerationRefusedException.class)
            .hasMessageContaining("its file was missing")
            .hasMessageContaining("accept-new-generation");
        assertThat(registration.failures()).isZero();
      }
    }
    Bytes.assertSame("as it was", newest(folder), replicated);
    Files.createFile(ObservedH2.shadow(folder).resolve("accept-new-generation"));
    try (H2Registration registration = database.register();
        Connection connection = database.connect()) {
      run(connection, CREATE);
      database.assertReplicated();
      assertThat(registration.failures()).isZero();
    }
    database.assertCaughtUp(NO_PROOF);
    database.assertReplicated();
  }

  @Test
  void deletedFileIsRestored() throws Exception {
    Files.delete(file);
    use(true);
    try (H2Registration registration = database.register()) {
      try (Connection connection = database.connect()) {
        assertThat(number(connection, COUNT)).isEqualTo(20);
      }
      assertThat(database.told().first("notice ")).contains("was missing").contains("restored");
      assertThat(registration.failures()).isZero();
    }
    assertThat(database.generations().get(0)).contains("resumed: ");
    database.assertReplicated();
  }

  private byte[] corrupt() throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] garbage = new byte[(int) open.length()];
      Arrays.fill(garbage, (byte) 0x5a);
      open.write(garbage);
    }
    return database.bytes();
  }

  @Test
  void corruptFileIsKeptAndRestored() throws Exception {
    byte[] corrupt = corrupt();
    use(true);
    session(database, 20);
    assertThat(database.told().events())
        .anyMatch(event -> event.contains("was defective") && event.contains("is restored"));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> kept =
          files.filter(path -> path.getFileName().toString().contains("defective")).toList();
      assertThat(kept).hasSize(1);
      Bytes.assertSame("kept", Files.readAllBytes(kept.get(0)), corrupt);
    }
    assertThat(database.generations().get(0)).contains("resumed: ");
  }

  @Test
  void corruptFileIsLeftIfRestoringIsNotEnabled() throws Exception {
    byte[] corrupt = corrupt();
    try (H2Registration registration = database.register()) {
      assertThatThrownBy(() -> database.connect().close()).isInstanceOf(SQLException.class);
      assertThat(registration.isAttached()).isFalse();
    }
    assertThat(database.told().first("notice ")).contains("defective").contains("restore");
    Bytes.assertSame("file", database.bytes(), corrupt);
    use(true); // what was captured is still there
    session(database, 20);
  }

  @Test
  void truncatedFileIsRestored() throws Exception {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(0);
    }
    use(true);
    session(database, 20);
    assertThat(database.told().events()).anyMatch(event -> event.contains("(it is empty)"));
  }

  @Test
  void pathWithoutTheSuffixIsRefused() throws Exception {
    ObservedH2 wrong =
        ObservedH2.in(Files.createDirectory(folder.resolve("wrong")), folder.resolve("app"), false);
    try (H2Registration registration = wrong.register()) {
      assertThatThrownBy(() -> database.connect().close())
          .isInstanceOf(SQLException.class)
          .hasStackTraceContaining("app.mv.db")
          .hasStackTraceContaining("Correct \"path\"");
      assertThat(registration.isAttached()).isFalse();
    }
  }

  @Test
  void lostShadowDirectoryTakesOverWhatTheReplicaHolds() throws Exception {
    Shell.expect("rm", "-r", ObservedH2.shadow(folder).toString());
    session(database, 20);
    database.assertBegan("taken over: the database's content is what a replica holds");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void enabledOnOpenDatabase(boolean controllerFirst) throws Exception {
    Path place = Files.createDirectory(folder.resolve("second"));
    Connection connection = database.connect();
    run(connection, INSERT);
    StreamController stream =
        StreamController.enable(
            ObservedH2.config(place, file)
                .replica("file", Map.of("path", ObservedH2.replica(place)))
                .build());
    run(connection, INSERT);
    stream.sync(Await.PATIENCE);
    Bytes.assertSame("while open", newest(place), database.bytes());
    run(connection, INSERT);
    byte[] atEnd;
    if (controllerFirst) {
      atEnd = database.bytes();
      assertThat(stream.closeAndReport()).isEmpty();
      run(connection, INSERT);
      connection.close();
    } else {
      connection.close();
      atEnd = database.bytes();
      stream.close();
    }
    Bytes.assertSame("at the end", newest(place), atEnd);
  }

  private byte[] newest(Path place) throws IOException {
    try (Replica replica = Stores.open("file", Map.of("path", ObservedH2.replica(place)))) {
      return new Restores(replica, folder).newest();
    }
  }

  @Test
  void enablingNeedsTheDatabaseToBeOpen() throws Exception {
    Path place = Files.createDirectory(folder.resolve("second"));
    assertThatThrownBy(
            () ->
                StreamController.enable(
                        ObservedH2.config(place, file)
                            .replica("file", Map.of("path", ObservedH2.replica(place)))
                            .build())
                    .close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("jdbc:h2:stream:")
        .hasMessageContaining("H2Stream.register");
  }

  @Test
  void twoObserversHaveTheSame() throws Exception {
    ObservedH2 second = ObservedH2.in(Files.createDirectory(folder.resolve("second")), file, false);
    try (H2Registration one = database.register();
        H2Registration two = second.register()) {
      try (Connection connection = database.connect()) {
        run(connection, INSERT, INSERT);
        assertThat(one.isAttached() && two.isAttached()).isTrue();
        database.assertReplicated();
        second.assertReplicated();
      }
      database.assertReplicated();
      second.assertReplicated();
      database.assertWentOn();
      second.assertBegan("there is no earlier state");
    }
    assertThatThrownBy(
            () -> {
              try (H2Registration one = database.register();
                  H2Registration same = database.register();
                  Connection connection = database.connect()) {
                throw new AssertionError(one + " and " + same + " on " + connection);
              }
            })
        .isInstanceOf(SQLException.class)
        .hasStackTraceContaining("captures already");
  }

  @Test
  void observersComeAndGoWhileItIsWritten() throws Exception {
    List<ObservedH2> observers = new ArrayList<>();
    try (SteadyWriter writer = new SteadyWriter(database)) {
      for (int i = 0; i < 6; i++) {
        Path place = Files.createDirectory(folder.resolve("observer-" + i));
        ObservedH2 observed = ObservedH2.in(place, file, false);
        observers.add(observed);
        try (H2Registration registration = observed.register()) {
          writer.awaitMore(20);
          if (i % 2 == 0) {
            byte[] atEnd =
                writer.whilePaused(
                    () -> {
                      takeOff(registration);
                      return observed.bytes();
                    });
            Bytes.assertSame("observer " + i, observed.newest(), atEnd);
          } else {
            long before = writer.committed();
            takeOff(registration);
            long after = writer.committed() + 1;
            Path restored = place.resolve("restored.mv.db");
            Files.write(restored, observed.newest());
            try (Connection copy = DriverManager.getConnection(ObservedH2.url("", restored))) {
              long last = number(copy, "SELECT MAX(n) FROM steady");
              assertThat(last).isBetween(before, after);
              assertThat(number(copy, "SELECT COUNT(*) FROM steady")).isEqualTo(last);
            }
          }
          assertThat(registration.failures()).isZero();
        }
      }
    }
    assertThat(observers).allSatisfy(one -> assertThat(one.generations()).hasSize(1));
  }

  private static void takeOff(H2Registration registration) {
    registration.close();
  }

  @Test
  void withoutRegistrationItWorksAndWarns() throws Exception {
    H2Stream.install();
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try (Connection connection = database.connect()) {
      run(connection, INSERT);
      assertThat(number(connection, COUNT)).isEqualTo(40);
    } finally {
      System.setErr(err);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("WARN", file + " was opened through \"stream:\" but nobody observes it");
    session(database, 40);
    database.assertCaughtUp(NO_PROOF);
  }
}
