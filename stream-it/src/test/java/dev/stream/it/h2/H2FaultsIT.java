package dev.stream.it.h2;

import static dev.stream.it.h2.ObservedH2.number;
import static dev.stream.it.h2.ObservedH2.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.core.StreamController;
import dev.stream.it.Await;
import dev.stream.it.Bytes;
import dev.stream.it.ChildJvm;
import dev.stream.it.Restores;
import dev.stream.it.Shell;
import dev.stream.it.Tmpfs;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import dev.stream.testkit.TestRun;
import dev.stream.testkit.replica.Fault;
import dev.stream.testkit.replica.FaultyReplica;
import dev.stream.testkit.replica.MemoryReplica;
import dev.stream.testkit.replica.Operation;
import dev.stream.testkit.replica.Stall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fails around a database that is captured: disks, observers, threads, replicas. */
final class H2FaultsIT {

  private static final String CREATE = "CREATE TABLE t(n INT PRIMARY KEY, v VARBINARY(50000))";
  private static final String COUNT = "SELECT COUNT(*) FROM t";
  private static final String SOUND = "sound";

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("app.mv.db");
  }

  private static void insert(Connection connection, long number) throws SQLException {
    run(connection, "INSERT INTO t VALUES(" + number + ", SECURE_RAND(20000))");
  }

  /** Takes all the room of a small disk. */
  private static Path fill(Tmpfs disk) throws Exception {
    Path ballast = disk.path().resolve("ballast");
    Shell.run("dd", "if=/dev/zero", "of=" + ballast, "bs=4k");
    return ballast;
  }

  @Test
  void shadowLogOnFullDiskFailsNoCommitAndLeavesNoHole() throws Exception {
    assumeTrue(Tmpfs.possible(), "only root can mount a small file system");
    ObservedH2 database = ObservedH2.in(folder, file, false);
    try (Tmpfs disk = Tmpfs.mount(ObservedH2.shadow(folder), "96m");
        H2Registration registration = database.register();
        Connection connection = database.connect()) {
      run(connection, CREATE);
      insert(connection, 1);
      database.assertReplicated();
      Path ballast = fill(disk);
      long last = 1;
      while (registration.failures() < 3) {
        insert(connection, ++last);
      }
      assertThat(database.controller().status().capturing()).isFalse();
      assertThat(database.told().first("paused "))
          .contains(ObservedH2.shadow(folder).toString())
          .contains("make room");
      for (int i = 0; i < 20; i++) {
        insert(connection, ++last);
      }
      assertThat(number(connection, COUNT)).isEqualTo(last);
      Files.delete(ballast);
      Await.until("capture works again", () -> database.told().told("resumed"));
      insert(connection, ++last);
      database.assertReplicated();
      assertThat(database.told().count("paused ")).as("told once").isEqualTo(1);
      assertThat(database.controller().status().capturing()).isTrue();
    }
    database.assertReplicated();
  }

  @Test
  void databaseOnFullDiskFailsAsWithoutStream() throws Exception {
    assumeTrue(Tmpfs.possible(), "only root can mount a small file system");
    List<String> plain = fillDatabase("plain", false);
    List<String> captured = fillDatabase("captured", true);
    assertThat(captured).isEqualTo(plain);
    assertThat(plain).anyMatch(step -> step.startsWith("insert failed"));
  }

  /** Fills a database's disk, makes room, and goes on; returns what happened. */
  private List<String> fillDatabase(String name, boolean observed) throws Exception {
    List<String> steps = new ArrayList<>();
    String scheme = observed ? "stream:" : "";
    Path place = Files.createDirectory(folder.resolve(name));
    try (Tmpfs disk = Tmpfs.mount(place.resolve("data"), "2m")) {
      Path data = disk.path().resolve("app.mv.db");
      ObservedH2 database = ObservedH2.in(place, data, false);
      try (AutoCloseable registration = observed ? database.register() : () -> {}) {
        assertThat(registration).isNotNull();
        Connection connection = DriverManager.getConnection(ObservedH2.url(scheme, data));
        run(connection, CREATE);
        int last = 0;
        try {
          while (last < 1_000) {
            insert(connection, last + 1);
            last++;
          }
        } catch (SQLException e) {
          steps.add("insert failed after " + last + ": " + e.getSQLState() + e.getErrorCode());
        }
        try {
          connection.close();
          steps.add("closed");
        } catch (SQLException e) {
          steps.add("close failed: " + e.getSQLState() + e.getErrorCode());
        }
        disk.remount("size=8m");
        try (Connection again = DriverManager.getConnection(ObservedH2.url(scheme, data))) {
          steps.add("rows " + number(again, COUNT));
          insert(again, 2_000);
          if (observed) {
            database.assertReplicated();
          }
        }
        if (observed) {
          database.assertReplicated();
        }
      }
    }
    return steps;
  }

  @Test
  void observerThatThrowsHarmsNothing() throws Exception {
    Random random = TestRun.random("throwing observer");
    ObservedH2 database = ObservedH2.in(folder, file, false);
    ThrowingObserver throwing = new ThrowingObserver(database.observer(), random);
    try (H2Registration registration = H2Stream.register(throwing)) {
      try (Connection connection = database.connect()) {
        run(connection, CREATE);
        for (int round = 0; round < TestRun.rounds(5, 100); round++) {
          throwing.setThrowing(true);
          int until = throwing.thrown() + 10;
          for (int i = 0; throwing.thrown() < until; i++) {
            run(
                connection,
                "MERGE INTO t VALUES(" + random.nextInt(200) + ", SECURE_RAND(20000))",
                "DELETE FROM t WHERE n = " + random.nextInt(200));
            if (i % 10 == 9) {
              database.controller().snapshotNow();
            }
          }
          throwing.setThrowing(false);
          database.assertReplicated();
        }
        // What the observer threw at in the thread of the test's own sync is told to the caller.
        assertThat(registration.failures()).isPositive();
        assertThat(database.told().count("paused ")).isPositive();
        assertThat(database.told().count("resumed")).isPositive();
        throwing.setThrowing(true);
        insert(connection, 1_000);
        throwing.setThrowing(false);
      }
      database.assertReplicated();
    }
    try (Connection connection = database.connectPlainly()) {
      assertThat(number(connection, "SELECT COUNT(*) FROM t WHERE n = 1000")).isEqualTo(1);
    }
  }

  @Test
  void interruptedWriterLosesNothingAcknowledged() throws Exception {
    ObservedH2 database = ObservedH2.in(folder, file, false);
    Random random = TestRun.random("interrupted");
    AtomicLong committed = new AtomicLong();
    try (H2Registration registration = database.register()) {
      try (Connection connection = database.connect()) {
        run(connection, CREATE);
      }
      for (int round = 0; round < 5; round++) {
        List<String> outcome = new ArrayList<>();
        Thread writer =
            new Thread(
                () -> {
                  try (Connection connection = database.connect()) {
                    while (true) {
                      insert(connection, committed.get() + 1);
                      committed.incrementAndGet();
                      if (Thread.interrupted()) {
                        return; // H2 went on, and so does whoever was interrupted
                      }
                    }
                  } catch (SQLException e) {
                    outcome.add(e.getSQLState());
                  }
                });
        writer.start();
        long wanted = committed.get() + 2;
        Await.until("commits", () -> committed.get() >= wanted || !writer.isAlive());
        LockSupport.parkNanos(random.nextInt(5_000_000));
        writer.interrupt();
        writer.join();
        try (Connection connection = database.connect()) {
          long rows = number(connection, COUNT);
          assertThat(rows).as("%s", outcome).isBetween(committed.get(), committed.get() + 1);
          committed.set(rows);
          database.assertReplicated();
        }
        database.assertReplicated();
      }
      assertThat(registration.failures()).isZero();
    }
  }

  @Test
  void replicaThatHangsOrThrowsDelaysNoCommit() throws Exception {
    FaultyReplica faulty =
        FaultyReplica.over(MemoryReplica.create(), TestRun.random("h2 faults").nextLong());
    MemoryReplica sound = MemoryReplica.create();
    ObservedH2 database =
        ObservedH2.with(
            folder,
            file,
            ObservedH2.config(folder, file).replica("faulty", faulty).replica(SOUND, sound),
            false);
    try (H2Registration registration = database.register();
        Connection connection = database.connect()) {
      run(connection, CREATE);
      StreamController stream = database.controller();
      stream.sync(Await.PATIENCE);
      Stall stall = faulty.stallNext(Operation.PUT);
      insert(connection, 1);
      stall.awaitReached(Await.PATIENCE);
      for (int i = 2; i <= 50; i++) {
        insert(connection, i);
      }
      assertSoundHasAll(database, sound);
      assertThat(stream.dataLossWindow("faulty")).isPositive();
      stall.release();
      faulty.chaos(0.5, Fault.replyLost(), Fault.torn(100));
      for (int i = 51; i <= 100; i++) {
        insert(connection, i);
      }
      faulty.down();
      for (int i = 101; i <= 150; i++) {
        insert(connection, i);
      }
      Await.until("it is told", () -> database.told().told("failing faulty"));
      assertSoundHasAll(database, sound);
      faulty.chaos(0);
      faulty.up();
      stream.sync(Await.PATIENCE);
      Bytes.assertSame("faulty", new Restores(faulty.inner(), folder).newest(), database.bytes());
      assertThat(stream.dataLossWindow()).isEqualTo(Duration.ZERO);
      assertThat(registration.failures()).isZero();
      assertThat(number(connection, COUNT)).isEqualTo(150);
    }
  }

  private void assertSoundHasAll(ObservedH2 database, MemoryReplica sound) throws Exception {
    byte[] bytes = database.bytes();
    Restores restores = new Restores(sound, folder);
    Await.until("the sound replica has everything", () -> Arrays.equals(restores.newest(), bytes));
  }

  @Test
  void fullTemporaryFolderLosesTheImageAndNoCommit() throws Exception {
    assumeTrue(Tmpfs.possible(), "only root can mount a small file system");
    try (Tmpfs disk = Tmpfs.mount(folder.resolve("tmp"), "4m")) {
      Path ballast = fill(disk);
      List<Object> arguments = List.of(folder.resolve("store.mv"), ballast);
      try (ChildJvm child =
          ChildJvm.start(
              FullTempMain.class,
              List.of("-Djava.io.tmpdir=" + disk.path()),
              arguments.toArray())) {
        assertThat(child.answer("while full: "))
            .contains("is gone")
            .contains(disk.path().toString());
        assertThat(child.answer("with room: ")).isEqualTo("as it was");
        assertThat(child.answer("commits: ")).isEqualTo("10");
        assertThat(child.await()).isZero();
        assertThat(child.said()).noneMatch(line -> line.startsWith("trouble: "));
      }
      try (Stream<Path> files = Files.list(disk.path())) {
        assertThat(files).as("left in the temporary folder").isEmpty();
      }
    }
  }
}
