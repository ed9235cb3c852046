package dev.stream.it.commit;

import dev.stream.core.Observer;
import dev.stream.core.StreamController;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * How long snapshots of a large database hold up commits, and how long it takes to open. Arguments:
 * an empty folder, and the database's size in MiB.
 */
final class LargeDatabase {

  private static final int TIMES = 3;
  private static final int COMMITS_AT_ONCE = 1_000;

  private final Path folder;
  private final Path file;

  private LargeDatabase(Path folder) {
    this.folder = folder;
    this.file = folder.resolve("db.mv.db");
  }

  public static void main(String[] args) throws Exception {
    LargeDatabase database = new LargeDatabase(Path.of(args[0]));
    H2Stream.install();
    database.fill(Integer.parseInt(args[1]));
    database.snapshots();
    database.openings();
  }

  private Connection open(CommitSetup setup) throws SQLException {
    return DriverManager.getConnection(setup.url(folder.resolve("db")));
  }

  private void fill(int mebibytes) throws SQLException {
    byte[] value = new byte[64 << 10];
    Random random = new Random(1);
    try (Connection database = open(CommitSetup.PLAIN);
        Statement statement = database.createStatement()) {
      statement.execute("create table t(id bigint auto_increment primary key, v varchar)");
      statement.execute("create table b(id bigint auto_increment primary key, v varbinary)");
      try (PreparedStatement insert = database.prepareStatement("insert into b(v) values(?)")) {
        for (int i = 0; i < mebibytes * 16; i++) {
          random.nextBytes(value);
          insert.setBytes(1, value);
          insert.executeUpdate();
        }
      }
    }
  }

  /** Commits without pause, in turn for as long as a snapshot takes, and as often without one. */
  private void snapshots() throws Exception {
    Observer observer = Observer.of(CommitWriter.config(folder, false));
    try (H2Registration stream = H2Stream.register(observer);
        Connection database = open(CommitSetup.CAPTURED);
        PreparedStatement insert = database.prepareStatement("insert into t(v) values(?)")) {
      StreamController controller = observer.controller();
      if (controller == null || !stream.isAttached()) {
        throw new AssertionError("capture has not begun");
      }
      List<Long> ignored = untilStored(insert, 1);
      for (int i = 0; i < TIMES; i++) {
        controller.snapshotNow();
        List<Long> during = untilStored(insert, i + 2);
        List<Long> without = commit(insert, during.size() / COMMITS_AT_ONCE);
        System.out.printf(
            Locale.ROOT,
            "snapshot %d of %d MiB: %d commits beside it: %s; as many without: %s%n",
            i + 1,
            Files.size(file) >> 20,
            during.size(),
            shown(during),
            shown(without));
      }
    }
  }

  private List<Long> untilStored(PreparedStatement insert, int snapshots) throws Exception {
    List<Long> nanos = new ArrayList<>();
    do {
      nanos.addAll(commit(insert, 1));
    } while (stored() < snapshots);
    return nanos;
  }

  private static List<Long> commit(PreparedStatement insert, int times) throws SQLException {
    List<Long> all = new ArrayList<>();
    long[] nanos = new long[COMMITS_AT_ONCE];
    for (int i = 0; i < times; i++) {
      CommitWriter.write(insert, nanos);
      Arrays.stream(nanos).forEach(all::add);
    }
    return all;
  }

  private long stored() throws IOException {
    Path replica = folder.resolve("replica");
    if (!Files.isDirectory(replica)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(replica)) {
      return files.filter(path -> path.toString().contains("/snapshots/")).count();
    }
  }

  private static String shown(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return String.format(
        Locale.ROOT,
        "p50 %.1f, p99.9 %.1f, longest %.1f ms",
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get((int) (sorted.size() * 0.999)) / 1e6,
        sorted.get(sorted.size() - 1) / 1e6);
  }

  private void openings() throws Exception {
    double gibibytes = Files.size(file) / (double) (1 << 30);
    for (int i = 0; i < TIMES; i++) {
      double without = seconds(CommitSetup.PLAIN);
      double with;
      try (H2Registration stream =
          H2Stream.register(Observer.of(CommitWriter.config(folder, false)))) {
        with = seconds(CommitSetup.CAPTURED);
        if (stream.failures() > 0) {
          throw new AssertionError("capture did not take everything");
        }
      }
      System.out.printf(
          Locale.ROOT,
          "opening: %.2f s, with Stream %.2f s: %.2f s more per GiB%n",
          without,
          with,
          (with - without) / gibibytes);
    }
  }

  private double seconds(CommitSetup setup) throws SQLException {
    long begun = System.nanoTime();
    try (Connection database = open(setup)) {
      double took = (System.nanoTime() - begun) / 1e9;
      if (database.isClosed()) {
        throw new AssertionError("closed at once");
      }
      return took;
    }
  }
}
