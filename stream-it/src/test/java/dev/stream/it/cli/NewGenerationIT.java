package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lost volume: what a fresh machine may do to a replica, and what it may not. */
class NewGenerationIT {

  @TempDir Path folder;

  @Test
  void aFreshDatabaseDoesNotTakeThePlaceOfAGoodOneUnasked() throws Exception {
    Shop shop = new Shop(folder);
    String config = shop.config().toString();
    try (shop) {
      shop.order();
      shop.replicate(3);
    }
    lose(shop);
    try (Connection fresh = DriverManager.getConnection("jdbc:sqlite:" + shop.database);
        Statement statement = fresh.createStatement()) {
      statement.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, receipt BLOB)");
    }
    List<Path> before = files(shop.replica);
    Result refused = StreamProcess.run("replicate", "--config", config);
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            shop.database.toString(),
            "holds generation",
            "stream restore",
            "--accept-new-generation")
        .doesNotContain("ready", "Exception");
    assertThat(files(shop.replica)).isEqualTo(before);
    try (StreamProcess stream =
        StreamProcess.start("replicate", "--config", config, "--accept-new-generation")) {
      stream.awaitReady();
      Result ended = stream.terminate();
      assertThat(ended.exit()).as(ended.err()).isZero();
    }
    assertThat(files(shop.replica)).containsAll(before).hasSizeGreaterThan(before.size());
  }

  @Test
  void aRestoredDatabaseTakesOverOnAFreshMachine() throws Exception {
    Shop shop = new Shop(folder);
    String config = shop.config().toString();
    Path reference;
    try (shop) {
      shop.order();
      shop.replicate(3);
    }
    List<Path> snapshots = shop.artefacts("snapshots");
    lose(shop);
    Result restored =
        StreamProcess.run("restore", "--config", config, "-o", shop.database.toString());
    assertThat(restored.exit()).as(restored.err()).isZero();
    try (Shop again = new Shop(folder, shop.database)) {
      again.replicate(2);
      reference = again.reference();
    }
    assertThat(shop.artefacts("snapshots")).hasSize(snapshots.size() + 1).containsAll(snapshots);
    Path copy = folder.resolve("copy.db");
    assertThat(StreamProcess.run("restore", "--config", config, "-o", copy.toString()).exit())
        .isZero();
    assertThat(Files.mismatch(reference, copy)).isEqualTo(-1);
    Result verified = StreamProcess.run("verify", "--config", config);
    assertThat(verified.exit()).as(verified.out()).isZero();
  }

  /** The database and the shadow directory are gone; the replica is not. */
  private static void lose(Shop shop) throws Exception {
    for (String beside : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(shop.database.resolveSibling(shop.database.getFileName() + beside));
    }
    try (Stream<Path> files = Files.walk(shop.shadow)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> files(Path tree) throws Exception {
    try (Stream<Path> files = Files.walk(tree)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
