import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long it takes until a commit can be restored from a replica; see {@code await-replicated}. */
final class AwaitReplicated {

  private AwaitReplicated() {}

  public static void main(String... args) throws Exception {
    Path folder = Path.of(args[0]);
    int commits = Integer.parseInt(args[1]);
    Path database = folder.resolve("app.db");
    long[] alone = new long[commits];
    long[] awaited = new long[commits];
    try (Connection app = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = app.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, v)");
      StreamConfig config = StreamConfig.read(folder.resolve("stream.json"), PluginRegistry.discover());
      try (StreamController stream = StreamController.enable(config);
          PreparedStatement insert = app.prepareStatement("INSERT INTO t(v) VALUES(randomblob(200))")) {
        for (int i = -commits / 10; i < commits; i++) { // a tenth more to warm up
          long began = System.nanoTime();
          insert.execute();
          long committed = System.nanoTime();
          stream.awaitReplicated(stream.committedTxId(), 1).toCompletableFuture().get(1, TimeUnit.MINUTES);
          if (i >= 0) {
            alone[i] = committed - began;
            awaited[i] = System.nanoTime() - committed;
          }
        }
      }
    }
    System.out.printf(Locale.ROOT, "%-8s %8d %10s %10s %10s %10s%n", args[2], commits,
        at(alone, 50), at(alone, 99), at(awaited, 50), at(awaited, 99));
    Files.writeString(folder.resolve("raw.txt"), Arrays.toString(awaited));
  }

  private static String at(long[] nanos, int percent) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return String.format(Locale.ROOT, "%.2f", sorted[sorted.length * percent / 100] / 1e6);
  }
}
