package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.database.FollowedCopy.Outcome;
import dev.stream.api.database.PageFrame;
import dev.stream.api.database.PageFrames;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes cut short at every step, and what the real sqlite3 makes of what is left. */
@Timeout(180)
final class SqliteCopyTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private int kills;

  /** A committed state, as captured. */
  private static final class State {

    private final int pageSize;
    private final byte[] bytes;

    State(int pageSize, byte[] bytes) {
      this.pageSize = pageSize;
      this.bytes = bytes;
    }

    int pageSize() {
      return pageSize;
    }

    byte[] bytes() {
      return bytes;
    }

    long pages() {
      return bytes.length / pageSize;
    }

    byte[] page(long id) {
      int at = (int) (id - 1) * pageSize;
      return at < bytes.length ? Arrays.copyOfRange(bytes, at, at + pageSize) : new byte[pageSize];
    }
  }

  @Test
  void killedAtAnyStepReadersSeeTheOldStateOrTheNew() throws Exception {
    Random random = TestRun.random("copy kills");
    for (int round = 0; round < TestRun.rounds(4, 60); round++) {
      List<State> states = states(random, round, 5);
      Path place = Files.createDirectory(folder.resolve("round-" + round));
      int[] now = {0};
      List<Path> remains = new ArrayList<>();
      SqliteCopy.Steps keep =
          step -> {
            if (step != SqliteCopy.Step.WRITING || random.nextInt(3) == 0) {
              Path left = remains(place, now[0] + "-" + step);
              if (step == SqliteCopy.Step.WRITING) {
                tear(left.resolve("copy.db"), random);
              }
              remains.add(left);
            }
          };
      try (SqliteCopy copy = SqliteCopy.at(place.resolve("copy.db"), keep)) {
        copy.begin(write(place, states.get(0)), "0");
        for (int next = 1; next < states.size(); next++) {
          now[0] = next;
          remains.clear();
          State to = states.get(next);
          assertThat(change(copy, states.get(next - 1), to, "" + next)).isEqualTo(Outcome.CHANGED);
          assertIs(copy, states, next);
          assertSound(place);
          for (Path left : remains) {
            assertOldOrNew(left, states, next);
          }
        }
      } catch (Exception | AssertionError e) {
        throw new AssertionError("round " + round + " of seed " + TestRun.seed(), e);
      }
    }
  }

  private static void assertOldOrNew(Path left, List<State> states, int next) throws Exception {
    boolean sqliteFirst = left.getFileName().toString().hashCode() % 2 == 0;
    if (sqliteFirst) {
      assertSound(left);
    }
    boolean done = left.toString().endsWith("-" + SqliteCopy.Step.DONE);
    try (SqliteCopy copy = SqliteCopy.at(left.resolve("copy.db"), step -> {})) {
      assertIs(copy, states, done ? next : next - 1);
    }
    assertSound(left);
  }

  private static void assertIs(SqliteCopy copy, List<State> states, int number) throws IOException {
    assertThat(copy.note()).isEqualTo("" + number);
    State state = states.get(number);
    ByteBuffer all = ByteBuffer.allocate(state.bytes().length);
    copy.read(state.pageSize(), 1, (int) state.pages(), all);
    assertThat(Arrays.equals(all.array(), state.bytes())).as("bytes of " + number).isTrue();
  }

  /** What a stranger with sqlite3 finds, and that it needed nothing beside the file. */
  private static void assertSound(Path place) throws Exception {
    String found =
        sqlite3(place.resolve("copy.db"), "PRAGMA integrity_check; PRAGMA journal_mode;");
    assertThat(found).isEqualTo("ok\ndelete\n");
    assertThat(place.resolve("copy.db-journal")).doesNotExist();
    assertThat(place.resolve("copy.db-wal")).doesNotExist();
  }

  @Test
  void aReaderInTheMidstIsWaitedForAndNotDisturbed() throws Exception {
    List<State> states = states(TestRun.random("copy readers"), 0, 3);
    try (SqliteCopy copy = SqliteCopy.at(folder.resolve("copy.db"), step -> {})) {
      copy.begin(write(folder, states.get(0)), "0");
      assertThat(change(copy, states.get(0), states.get(1), "1")).isEqualTo(Outcome.CHANGED);
      Process reader =
          new ProcessBuilder("sqlite3", "-batch", folder.resolve("copy.db").toString()).start();
      try {
        reader.outputWriter().write("BEGIN; SELECT count(*) >= 0 FROM t;\n");
        reader.outputWriter().flush();
        assertThat(reader.inputReader().readLine()).isEqualTo("1");
        assertThat(
                copy.change(
                    states.get(2).pageSize(),
                    states.get(2).pages(),
                    differences(states.get(1), states.get(2)),
                    "2",
                    Duration.ofMillis(50)))
            .isEqualTo(Outcome.BUSY);
        assertIs(copy, states, 1);
        reader.outputWriter().write("PRAGMA integrity_check; COMMIT; SELECT 'over';\n");
        reader.outputWriter().flush();
        assertThat(reader.inputReader().readLine()).isEqualTo("ok");
        assertThat(reader.inputReader().readLine()).isEqualTo("over");
        assertThat(change(copy, states.get(1), states.get(2), "2")).isEqualTo(Outcome.CHANGED);
        reader.outputWriter().write("PRAGMA integrity_check;\n");
        reader.outputWriter().flush();
        assertThat(reader.inputReader().readLine()).isEqualTo("ok");
      } finally {
        reader.destroyForcibly().waitFor();
      }
      assertIs(copy, states, 2);
    }
  }

  @Test
  void anotherPageSizeIsAChangeLikeAnyOther() throws Exception {
    State small = states(TestRun.random("small pages"), 1, 1).get(0);
    State large = states(TestRun.random("large pages"), 2, 1).get(0);
    assertThat(small.pageSize()).isNotEqualTo(large.pageSize());
    List<State> states = List.of(small, large, small);
    List<Path> remains = new ArrayList<>();
    SqliteCopy.Steps keep =
        step -> {
          if (step != SqliteCopy.Step.WRITING) {
            remains.add(remains(folder, "" + step));
          }
        };
    try (SqliteCopy copy = SqliteCopy.at(folder.resolve("copy.db"), keep)) {
      copy.begin(write(folder, small), "0");
      for (int next = 1; next < states.size(); next++) {
        remains.clear();
        State to = states.get(next);
        assertThat(
                copy.change(to.pageSize(), to.pages(), differences(null, to), "" + next, PATIENCE))
            .isEqualTo(Outcome.CHANGED);
        assertIs(copy, states, next);
        for (Path left : List.copyOf(remains)) {
          assertOldOrNew(left, states, next);
        }
      }
    }
  }

  @Test
  void whatOthersWriteIsNoticed() throws Exception {
    List<State> states = states(TestRun.random("copy foreign"), 0, 3);
    Path file = folder.resolve("copy.db");
    try (SqliteCopy copy = SqliteCopy.at(file, step -> {})) {
      copy.begin(write(folder, states.get(0)), "0");
      assertThat(copy.note()).isEqualTo("0");
      sqlite3(file, "CREATE TABLE intruder(v);");
      assertThat(change(copy, states.get(0), states.get(1), "1")).isEqualTo(Outcome.FOREIGN);
      assertThat(copy.note()).isNull();
      assertThat(copy.isStranger()).isFalse();
      // From any state to a known one, whatever was there.
      State to = states.get(2);
      assertThat(copy.change(to.pageSize(), to.pages(), differences(null, to), "2", PATIENCE))
          .isEqualTo(Outcome.CHANGED);
      assertIs(copy, states, 2);
      sqlite3(file, "PRAGMA journal_mode=WAL;");
      assertThatThrownBy(copy::note).isInstanceOf(IOException.class).hasMessageContaining("WAL");
    }
  }

  @Test
  void aCopyThatIsDamagedIsChangedOrBegunAnew() throws Exception {
    List<State> states = states(TestRun.random("copy damage"), 0, 2);
    Path file = folder.resolve("copy.db");
    for (int damage = 0; damage < 3; damage++) {
      try (SqliteCopy copy = SqliteCopy.at(file, step -> {})) {
        copy.begin(write(folder, states.get(0)), "0");
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
          switch (damage) {
            case 0 -> bytes.write(new byte[30]);
            case 1 -> bytes.setLength(bytes.length() - 100);
            default -> {
              bytes.seek(100);
              bytes.write(new byte[300]);
            }
          }
        }
        State to = states.get(1);
        // The note speaks for the header alone; the pages are for its owner to prove.
        assertThat(copy.note()).isEqualTo(damage == 2 ? "0" : null);
        assertThat(copy.isStranger()).isFalse();
        if (copy.isChangeable()) {
          copy.change(to.pageSize(), to.pages(), differences(null, to), "1", PATIENCE);
        } else {
          copy.begin(write(folder, to), "1");
        }
        assertIs(copy, states, 1);
        assertSound(folder);
      }
    }
  }

  @Test
  void aFileOfSomebodyElseIsAStranger() throws Exception {
    Path file = folder.resolve("copy.db");
    try (SqliteCopy copy = SqliteCopy.at(file, step -> {})) {
      assertThat(copy.note()).isNull();
      assertThat(copy.isStranger()).isFalse();
      sqlite3(file, "CREATE TABLE t(v);");
      assertThat(copy.note()).isNull();
      assertThat(copy.isStranger()).isTrue();
    }
  }

  @Test
  void aFailureInTheMidstIsUndone() throws Exception {
    List<State> states = states(TestRun.random("copy failures"), 0, 2);
    for (SqliteCopy.Step fatal : SqliteCopy.Step.values()) {
      Path place = Files.createDirectory(folder.resolve(fatal.name()));
      SqliteCopy.Steps failing =
          step -> {
            if (step == fatal) {
              throw new IOException("no space left");
            }
          };
      try (SqliteCopy copy = SqliteCopy.at(place.resolve("copy.db"), failing)) {
        copy.begin(write(place, states.get(0)), "0");
        assertThatThrownBy(() -> change(copy, states.get(0), states.get(1), "1"))
            .hasMessage("no space left");
        assertIs(copy, states, fatal == SqliteCopy.Step.DONE ? 1 : 0);
        assertSound(place);
      }
    }
  }

  private static Outcome change(SqliteCopy copy, State from, State to, String note)
      throws IOException {
    return copy.change(to.pageSize(), to.pages(), differences(from, to), note, PATIENCE);
  }

  /** Frames of the pages that differ, a run of neighbours as one; all of them without a former. */
  private static PageFrames differences(State from, State to) {
    return consumer -> {
      long first = 0;
      for (long id = 1; id <= to.pages() + 1; id++) {
        boolean differs =
            id <= to.pages() && (from == null || !Arrays.equals(from.page(id), to.page(id)));
        if (differs && first == 0) {
          first = id;
        } else if (!differs && first > 0) {
          int at = (int) (first - 1) * to.pageSize();
          int length = (int) (id - first) * to.pageSize();
          consumer.accept(
              new PageFrame(
                  first, (int) (id - first) - 1, ByteBuffer.wrap(to.bytes(), at, length)));
          first = 0;
        }
      }
    };
  }

  /** States of a database in WAL mode that grows, shrinks and is rewritten. */
  private List<State> states(Random random, int round, int count) throws Exception {
    int[] pageSizes = {4096, 512, 16384, 65536};
    Path source = folder.resolve("source-" + round + "-" + count + "-" + random.nextInt() + ".db");
    int pageSize = pageSizes[round % pageSizes.length];
    SqliteHarness harness = new SqliteHarness(source, pageSize, "INCREMENTAL");
    List<State> states = new ArrayList<>();
    try (Connection writer = harness.writer) {
      assertThat(writer.isClosed()).isFalse();
      while (states.size() < count) {
        for (int i = random.nextInt(4); i >= 0; i--) {
          harness.commit(random);
        }
        harness.sql("PRAGMA wal_checkpoint(TRUNCATE)");
        byte[] now = Files.readAllBytes(source);
        if (states.isEmpty() || !Arrays.equals(now, states.get(states.size() - 1).bytes())) {
          states.add(new State(pageSize, now)); // else the commits of this seed changed nothing
        }
      }
    }
    return states;
  }

  private static Path write(Path place, State state) throws IOException {
    return Files.write(place.resolve("proven"), state.bytes());
  }

  /** What a kill at this moment would leave. */
  private Path remains(Path place, String name) throws IOException {
    Path left = Files.createDirectory(folder.resolve("left-" + ++kills + "-" + name));
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith("source-")) {
          Files.copy(file, left.resolve(file.getFileName()));
        }
      }
    }
    return left;
  }

  /** Bytes in the midst of the first page are of a write that did not get far. */
  private static void tear(Path file, Random random) throws IOException {
    try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] bytes = new byte[200];
      random.nextBytes(bytes);
      torn.seek(200);
      torn.write(bytes);
    }
  }

  private static String sqlite3(Path file, String sql) throws Exception {
    Process process =
        new ProcessBuilder("sqlite3", "-batch", file.toString(), sql)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
