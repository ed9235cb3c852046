package dev.stream.it.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.OpenObserver;
import dev.stream.api.replica.Replica;
import dev.stream.core.Observer;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.config.StreamConfigBuilder;
import dev.stream.it.Await;
import dev.stream.it.Bytes;
import dev.stream.it.Recorder;
import dev.stream.it.Restores;
import dev.stream.it.Stores;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An H2 database in a folder, with an observer, a shadow directory and a replica of its own. */
final class ObservedH2 {

  /** Each commit is written before it returns, anywhere in the file where there is room. */
  static final String DURABLE = ";WRITE_DELAY=0;RETENTION_TIME=0";

  private final Path folder;
  private final Path file;
  private final Recorder told = new Recorder();
  private final Observer observer;

  private ObservedH2(Path folder, Path file, StreamConfig config) throws IOException {
    this.folder = folder;
    this.file = file;
    this.observer = Observer.of(config, told);
  }

  /** With a replica in a folder. */
  static ObservedH2 in(Path folder, Path file, boolean restore) throws IOException {
    return with(
        folder,
        file,
        config(folder, file).replica("file", Map.of("path", replica(folder))),
        restore);
  }

  static ObservedH2 with(Path folder, Path file, StreamConfigBuilder config, boolean restore)
      throws IOException {
    return new ObservedH2(folder, file, config.restore(restore).build());
  }

  /** Without replicas yet. */
  static StreamConfigBuilder config(Path folder, Path file) {
    return StreamConfig.builder()
        .database("h2", Map.of("path", file))
        .shadowDir(shadow(folder))
        .syncInterval(Duration.ofMillis(20))
        .closeTimeout(Duration.ofSeconds(10));
  }

  static Path shadow(Path folder) {
    return folder.resolve("shadow");
  }

  static Path replica(Path folder) {
    return folder.resolve("replica");
  }

  Path file() {
    return file;
  }

  Recorder told() {
    return told;
  }

  OpenObserver observer() {
    return observer;
  }

  StreamController controller() {
    return Objects.requireNonNull(observer.controller());
  }

  H2Registration register() throws IOException {
    return H2Stream.register(observer);
  }

  /** A connection through Stream. */
  Connection connect() throws SQLException {
    return connect("stream:");
  }

  /** A connection as if there were no Stream. */
  Connection connectPlainly() throws SQLException {
    return connect("");
  }

  private Connection connect(String scheme) throws SQLException {
    return DriverManager.getConnection(url(scheme, file));
  }

  static String url(String scheme, Path file) {
    return "jdbc:h2:" + scheme + file.toString().replaceFirst("\\.mv\\.db$", "") + DURABLE;
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The first value of a query. */
  static long number(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }

  byte[] bytes() throws IOException {
    return Files.readAllBytes(file);
  }

  byte[] newest() throws IOException {
    try (Replica replica = Stores.open("file", Map.of("path", replica(folder)))) {
      return new Restores(replica, folder).newest();
    }
  }

  /** Asserts that the replica has the file as it is, whether capture goes on or has ended. */
  void assertReplicated() throws Exception {
    StreamController running = observer.controller();
    if (running != null) {
      running.sync(Await.PATIENCE);
    }
    Bytes.assertSame("newest state", newest(), bytes());
  }

  /** The generations that began or went on: id and reason. */
  List<String> generations() {
    return told.events().stream()
        .filter(event -> event.startsWith("generation "))
        .map(event -> event.substring("generation ".length()))
        .toList();
  }

  /** Asserts that the last start went on with the generation of the one before. */
  void assertWentOn() {
    List<String> all = generations();
    String last = all.get(all.size() - 1);
    String before = all.get(all.size() - 2);
    assertThat(last).startsWith(id(before) + " resumed: ");
  }

  /** Asserts that the last start captured as one what differed, and says why. */
  void assertCaughtUp(String reason) {
    assertWentOn();
    assertThat(told.events())
        .filteredOn(event -> event.startsWith("catch-up "))
        .last()
        .asString()
        .contains(reason);
  }

  /** Asserts that the last start began a generation, and says why. */
  void assertBegan(String reason) {
    List<String> all = generations();
    String last = all.get(all.size() - 1);
    assertThat(last).contains(reason).doesNotContain("resumed: ");
    assertThat(all).filteredOn(one -> one.startsWith(id(last))).hasSize(1);
  }

  private static String id(String generation) {
    return generation.substring(0, generation.indexOf(' '));
  }
}
