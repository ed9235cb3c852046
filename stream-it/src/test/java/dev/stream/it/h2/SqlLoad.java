package dev.stream.it.h2;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Random SQL by seed on one database: several connections, round after round. */
final class SqlLoad {

  private static final List<String> ENDS =
      List.of("SHUTDOWN", "SHUTDOWN COMPACT", "SHUTDOWN DEFRAG", "");

  /**
   * What a load is like.
   *
   * @param settings appended to the URL
   * @param writtenAtCommit whether a commit that returned is in the file
   */
  record Options(int writers, int rounds, int steps, String settings, boolean writtenAtCommit) {}

  /** Something done between two steps. */
  interface Pause {
    void pause() throws Exception;
  }

  private final Random random;
  private final Options options;
  private final String url;
  private final List<SqlWriter> writers = new ArrayList<>();
  private boolean created;

  SqlLoad(long seed, Options options, String url) {
    this.random = new Random(seed);
    this.options = options;
    this.url = url + options.settings();
    for (int i = 0; i < options.writers(); i++) {
      writers.add(new SqlWriter(new Random(random.nextLong()), i, options.writtenAtCommit()));
    }
  }

  List<SqlWriter> writers() {
    return writers;
  }

  /** The states that may be found in the file now; none while the tables are being made. */
  List<StateLog.Span> spans() {
    return created ? writers.stream().map(writer -> writer.log().span()).toList() : List.of();
  }

  void create() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(SqlWriter.SCHEMA);
      for (SqlWriter writer : writers) {
        writer.create(connection);
      }
      statement.execute("CHECKPOINT SYNC");
      created = true;
    }
  }

  /** All rounds, statement by statement, the connections' transactions interleaved. */
  void inTurn(Pause pause) throws Exception {
    for (int round = 0; round < options.rounds(); round++) {
      open(
          () -> {
            for (int step = 0; step < options.steps(); step++) {
              writers.get(random.nextInt(writers.size())).step();
              pause.pause();
            }
          });
      pause.pause();
    }
  }

  /** One round of all writers at once; {@code meanwhile} runs in the caller's thread. */
  void atOnce(Pause meanwhile) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(writers.size());
    try {
      open(
          () -> {
            List<Future<?>> running = new ArrayList<>();
            for (SqlWriter writer : writers) {
              running.add(
                  executor.submit(
                      () -> {
                        for (int step = 0; step < options.steps(); step++) {
                          writer.step();
                        }
                        return null;
                      }));
            }
            while (!running.stream().allMatch(Future::isDone)) {
              meanwhile.pause();
            }
            for (Future<?> writer : running) {
              writer.get();
            }
          });
    } finally {
      executor.shutdownNow();
    }
  }

  private void open(Pause work) throws Exception {
    List<Connection> connections = new ArrayList<>();
    try {
      for (SqlWriter writer : writers) {
        Connection connection = DriverManager.getConnection(url);
        connections.add(connection);
        writer.use(connection);
      }
      work.pause();
      for (SqlWriter writer : writers) {
        writer.finish();
      }
      String end = ENDS.get(random.nextInt(ENDS.size()));
      try (Statement statement = connections.get(0).createStatement()) {
        if (!end.isEmpty()) {
          statement.execute(end);
        }
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }
}
