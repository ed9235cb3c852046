package dev.stream.it.commit;

import com.sun.management.OperatingSystemMXBean;
import dev.stream.core.Observer;
import dev.stream.core.config.StreamConfig;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Commits rows one by one to a new database, and prints what that took. Arguments: a setup, an
 * empty folder, and the number of commits, before which half as many go unmeasured.
 */
final class CommitWriter {

  private CommitWriter() {}

  public static void main(String[] args) throws Exception {
    CommitSetup setup = CommitSetup.valueOf(args[0]);
    Path folder = Path.of(args[1]);
    int commits = Integer.parseInt(args[2]);
    H2Stream.install();
    if (setup.isCaptured()) {
      try (H2Registration stream =
          H2Stream.register(Observer.of(config(folder, setup.isForced())))) {
        System.out.println(write(setup.url(folder.resolve("db")), commits).line());
        if (stream.failures() > 0) {
          throw new AssertionError(stream.failures() + " changes were not taken at once");
        }
      }
    } else {
      System.out.println(write(setup.url(folder.resolve("db")), commits).line());
    }
  }

  /** One replica, a folder; all else as it is by default. */
  static StreamConfig config(Path folder, boolean shadowSync) throws Exception {
    return StreamConfig.builder()
        .database("h2", Map.of("path", folder.resolve("db.mv.db")))
        .shadowDir(folder.resolve("shadow"))
        .shadowSync(shadowSync)
        .replica("file", Map.of("path", folder.resolve("replica")))
        .build();
  }

  private static CommitResult write(String url, int commits) throws SQLException {
    try (Connection database = DriverManager.getConnection(url)) {
      try (Statement statement = database.createStatement()) {
        statement.execute("create table t(id bigint auto_increment primary key, v varchar)");
      }
      try (PreparedStatement insert = database.prepareStatement("insert into t(v) values(?)")) {
        write(insert, new long[commits / 2]);
        long[] nanos = new long[commits];
        long writerBefore = writerCpu();
        long processBefore = processCpu();
        long begun = System.nanoTime();
        write(insert, nanos);
        long wall = System.nanoTime() - begun;
        return CommitResult.of(
            nanos, wall, writerCpu() - writerBefore, processCpu() - processBefore);
      }
    }
  }

  /** Commits as often as there is room for the time it took. */
  static void write(PreparedStatement insert, long[] nanos) throws SQLException {
    for (int i = 0; i < nanos.length; i++) {
      long begun = System.nanoTime();
      insert.setString(1, "row " + i + " some payload of a small transaction");
      insert.executeUpdate();
      nanos[i] = System.nanoTime() - begun;
    }
  }

  private static long writerCpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long processCpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
