package dev.stream.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.artefact.BlockEntry;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.plugin.PluginRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Back to a moment: restore, list, and the comparison of replicas, as commands. */
class PointInTimeTest extends TwoReplicas {

  private Instant start;
  private Instant good;
  private Instant end;

  /** A good order, a moment to remember, and a mistake. */
  @BeforeEach
  void makeAMistake() throws Exception {
    start = Instant.now();
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)");
    try (StreamController stream = stream()) {
      sql("INSERT INTO t VALUES('good')");
      stream.sync(Duration.ofSeconds(30));
      good = Instant.now();
      sql("UPDATE t SET a = 'bad'");
      stream.sync(Duration.ofSeconds(30));
    }
    end = Instant.now();
  }

  private static List<String> rows(Path database) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT a FROM t")) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(result.getString(1));
      }
      return rows;
    }
  }

  private Invocation restore(String... more) {
    return run(
        "restore",
        Stream.concat(Stream.of("-o", folder.resolve("back.db").toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void theStateBeforeTheMistakeComesBack() throws Exception {
    JsonNode restored =
        json(0, "restore", "-o", folder.resolve("back.db").toString(), "--timestamp", "" + good);
    assertThat(rows(folder.resolve("back.db"))).containsExactly("good");
    assertThat(Instant.parse(restored.path("committedAt").asText())).isBetween(start, good);
    assertThat(Instant.parse(restored.path("after").path("committedAt").asText()))
        .isBetween(good, end);
    assertThat(restored.path("after").path("txId").asLong())
        .isGreaterThan(restored.path("txId").asLong());
    assertThat(restored.path("reason").asText()).contains("first in the configuration", "two");
    assertThat(restored.path("warnings")).isEmpty();
  }

  @Test
  void aMomentAfterEverythingYieldsTheNewestStateAndSaysSo() throws Exception {
    Invocation restored = restore("--timestamp=-0s", "--replica", "two");
    assertThat(restored.exit()).as(restored.err()).isZero();
    assertThat(restored.out())
        .contains("from replica two: it was asked for", "note: the newest commit");
    assertThat(rows(folder.resolve("back.db"))).containsExactly("bad");
  }

  @Test
  void aMomentBeforeEverythingNamesTheOldestState() {
    for (String[] written : new String[][] {{"--timestamp", "-10m"}, {"--timestamp=-10m"}}) {
      Invocation refused = restore(written);
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err())
          .contains("one: nothing goes back to", "the oldest state is that of");
    }
    assertThat(folder.resolve("back.db")).doesNotExist();
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertThat(restore("--timestamp", "-1m", "--tx", "3").err())
        .contains("--timestamp and --tx each name a state");
    assertThat(restore("--timestamp", "-1m", "--pin", "x").exit()).isEqualTo(2);
    assertThat(restore("--timestamp", "-1m", "--accept-older").exit()).isEqualTo(2);
    assertThat(restore("--pin", "x", "--generation", "0000000000000001-00000000").exit())
        .isEqualTo(2);
    assertThat(restore("--pin", "../x").exit()).isEqualTo(2);
    assertThat(restore("--timestamp", "2026-05-01T12:00:00").err())
        .contains("Write 2026-05-01T12:00:00Z");
    assertThat(restore("--timestamp", "-1m", "--generation", "0000000000000001-00000000").err())
        .contains("there is no generation 0000000000000001-00000000");
    assertThat(restore("--pin", "before-migration").err())
        .contains("there is no pin before-migration");
  }

  @Test
  void theStateBeforeTheMistakeGetsAName() throws Exception {
    JsonNode pinned = json(0, "pin", "good", "--timestamp", good.toString());
    assertThat(pinned.path("replicas").findValuesAsText("pin")).containsExactly("good", "good");
    assertThat(restore("--pin", "good").exit()).isZero();
    assertThat(rows(folder.resolve("back.db"))).containsExactly("good");

    Invocation early = run("pin", "early", "--timestamp", "-10m");
    assertThat(early.exit()).isEqualTo(1);
    assertThat(early.err()).contains("no such state to pin: nothing goes back to", "the oldest");
    assertThat(run("pin", "both", "--timestamp", "-1m", "--tx", "3").err())
        .contains("--timestamp and --tx each name a state");
    assertThat(run("pin", "soon", "--timestamp", "tomorrow").exit()).isEqualTo(2);
    assertThat(run("pin", "--list", "--timestamp", "-1m").exit()).isEqualTo(2);
    assertThat(run("pin", "--list").out()).doesNotContain("early", "both", "soon");
  }

  @Test
  void listShowsWhatIsReachable() throws Exception {
    JsonNode list = json(0, "list", "--at");
    assertThat(list.path("replicas")).hasSize(2);
    JsonNode reach = list.path("replicas").path(1).path("reach").path(0);
    assertThat(reach.path("states").asInt()).isGreaterThanOrEqualTo(2);
    JsonNode stretch = reach.path("stretches").path(0);
    assertThat(Instant.parse(stretch.path("firstCommittedAt").asText())).isBetween(start, good);
    assertThat(Instant.parse(stretch.path("lastCommittedAt").asText())).isBetween(good, end);
    assertThat(stretch.path("averageMillis").asLong()).isPositive();
    assertThat(run("list", "--at").out())
        .contains("replica one (", "generation ", " states", "each on average");
    assertThat(run("list", "--at", "--replica", "two").out()).doesNotContain("replica one");
  }

  @Test
  void listTellsHowOftenStatesWerePassedOver() throws Exception {
    int before = catchUps();
    for (int i = 0; i < 2; i++) {
      // The last connection that is closed writes the log back and removes it.
      sql("INSERT INTO t VALUES('unseen')", "INSERT INTO t VALUES('too')");
      try (StreamController stream = stream()) {
        stream.sync(Duration.ofSeconds(30));
      }
    }
    assertThat(catchUps()).isEqualTo(before + 2);
    assertThat(run("list").out())
        .contains("as one " + (before + 2) + " times: states in between cannot be restored");
  }

  private int catchUps() throws Exception {
    JsonNode generations = json(0, "list", "--replica", "one").findPath("generations");
    assertThat(generations).hasSize(1);
    return generations.path(0).path("catchUps").asInt(-1);
  }

  @Test
  void listShowsWhatAMomentWouldYieldAndWhatIsBesideIt() throws Exception {
    JsonNode at = json(0, "list", "--at", good.toString()).path("replicas").path(0).path("at");
    assertThat(Instant.parse(at.path("state").path("committedAt").asText())).isBetween(start, good);
    assertThat(Instant.parse(at.path("after").path("committedAt").asText())).isBetween(good, end);
    assertThat(at.path("before").path("txId").asLong())
        .isLessThan(at.path("state").path("txId").asLong());
    Invocation early = run("list", "--at", "-10m");
    assertThat(early.exit()).isEqualTo(1);
    assertThat(early.out()).contains("no state; nothing goes back to", "after it: transaction");
    assertThat(run("list", "--at=yesterday").exit()).isEqualTo(2);
  }

  private List<Path> segments(String replica) throws Exception {
    try (Stream<Path> all = Files.walk(folder.resolve(replica))) {
      return all.filter(file -> file.toString().contains("/segments/"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }

  @Test
  void verifyTellsWhichReplicaIsBehind() throws Exception {
    JsonNode equal = json(0, "verify").path("comparison");
    assertThat(equal.path("ok").asBoolean()).isTrue();
    assertThat(equal.path("replicas").findValuesAsText("upToDate")).containsOnly("true").hasSize(2);
    List<Path> two = segments("two");
    Files.delete(two.get(two.size() - 1));
    JsonNode behind = json(0, "verify").path("comparison").path("replicas").path(1);
    assertThat(behind.path("upToDate").asBoolean()).isFalse();
    assertThat(behind.path("behindTransactions").asLong()).isEqualTo(1);
    assertThat(behind.path("behindMillis").asLong()).isNotNegative();
    assertThat(run("verify").out())
        .contains("what the replicas have in common is the same", "behind by 1 transaction (");
    assertThat(json(0, "verify", "--replica", "one").path("comparison").isNull()).isTrue();
  }

  @Test
  void replicasThatContradictEachOtherFail() throws Exception {
    List<Path> two = segments("two");
    Path last = two.get(two.size() - 1);
    PluginRegistry plugins = PluginRegistry.discover();
    Path rewritten = folder.resolve("rewritten");
    try (ArtefactReader reader =
        ArtefactReader.open(ByteRangeSource.ofFile(last), last.toString(), plugins.codecs())) {
      ArtefactHeader header = reader.header();
      ArtefactHeader changed =
          new ArtefactHeader(
              header.kind(),
              header.generation(),
              header.level(),
              header.txId(),
              header.parentTxId(),
              header.pageSize(),
              header.pageCount(),
              header.highWaterMark(),
              header.parentChecksum(),
              header.checksum(),
              "none",
              null,
              null,
              header.createdAt().plusSeconds(1),
              header.additionalAttrs());
      try (ArtefactWriter writer =
          ArtefactWriter.create(rewritten, changed, plugins.openCodec("none"), Runnable::run)) {
        byte[] pages = new byte[reader.maxRawLength()];
        int size = header.pageSize();
        for (BlockEntry block : reader.blocks()) {
          reader.readBlock(block.index(), pages);
          for (int i = 0; i < block.pages().pageCount(); i++) {
            writer.addPage(block.pages().idAt(i), ByteBuffer.wrap(pages, i * size, size));
          }
        }
        writer.finish();
      }
    }
    Files.move(rewritten, last, StandardCopyOption.REPLACE_EXISTING);
    JsonNode verify = json(1, "verify");
    assertThat(verify.path("replicas").findValuesAsText("ok")).containsOnly("true");
    assertThat(verify.path("comparison").path("problems").path(0).path("problem").asText())
        .contains("one and two hold different contents");
    Invocation text = run("verify");
    assertThat(text.exit()).isEqualTo(1);
    assertThat(text.out()).contains("the replicas CONTRADICT each other");
  }
}
