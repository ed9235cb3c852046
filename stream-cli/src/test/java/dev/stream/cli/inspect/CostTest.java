package dev.stream.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.cli.Invocation;
import dev.stream.cli.TwoReplicas;
import dev.stream.core.StreamController;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.state.GenerationId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** {@code stream cost}, with prices of our own. */
class CostTest extends TwoReplicas {

  private static final String PRICES =
      """
      {"name": "ours", "currency": "EUR", "asOf": "2026-01", "source": "a letter",
       "storedGbMonth": 1000, "thousandPuts": 1, "thousandGets": 0.5, "thousandLists": 2,
       "thousandDeletes": 0, "downloadedGb": 10000}
      """;

  private static final Offset<Double> CLOSE = Offset.offset(1e-9);

  private Path prices(String text) throws Exception {
    return Files.writeString(folder.resolve("prices.json"), text);
  }

  private void put(String key, int size, Duration age) throws Exception {
    for (String replica : new String[] {"one", "two"}) {
      Path file = folder.resolve(replica).resolve(key);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[size]);
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }
  }

  @Test
  void whatIsStoredAskedAndPaid() throws Exception {
    GenerationId generation = new GenerationId("0000019abcdef012-89abcdef");
    put(ArtefactKeys.snapshot(generation, 1).value(), 1_000_000, Duration.ofDays(3));
    put(ArtefactKeys.segment(generation, 1, 2, 31).value(), 3_000, Duration.ofHours(5));
    put(ArtefactKeys.segment(generation, 0, 32, 32).value(), 500, Duration.ofMinutes(20));
    put(ArtefactKeys.segment(generation, 0, 33, 33).value(), 1_500, Duration.ofMinutes(10));
    JsonNode cost = json(0, "cost", "--prices", prices(PRICES).toString()).path("replicas").path(0);
    assertThat(cost.path("storedObjects").asInt()).isEqualTo(4);
    assertThat(cost.path("storedBytes").asInt()).isEqualTo(1_005_000);
    JsonNode day = cost.path("day");
    assertThat(day.path("puts").asInt())
        .as("three that are there, thirty that are merged")
        .isEqualTo(33);
    assertThat(day.path("inferredPuts").asInt()).isEqualTo(30);
    assertThat(day.path("bytesUp").asInt()).isEqualTo(5_000 + 30 * 1_000);
    int listings = day.path("listings").asInt();
    assertThat(listings).as("a check for each hour with stores").isBetween(2, 4);
    assertThat(day.path("gets").asInt())
        .as("the mark and the line with each, and the line before what is stored a second later")
        .isBetween(2 * listings + 30, 2 * listings + 33);
    assertThat(cost.path("restore").path("objects").asInt()).isEqualTo(4);
    assertThat(cost.path("restore").path("bytes").asInt()).isEqualTo(1_005_000);
    JsonNode ours = cost.path("prices").path(0);
    JsonNode month = ours.path("month");
    assertThat(month.path("stored").asDouble()).isCloseTo(1.005, CLOSE);
    assertThat(month.path("puts").asDouble()).isCloseTo(30 * 0.033, CLOSE);
    assertThat(month.path("lists").asDouble())
        .isCloseTo(30 * day.path("listRequests").asInt() / 1e3 * 2, CLOSE);
    assertThat(ours.path("restore").asDouble()).isCloseTo(0.002 + 10.05, CLOSE);
    assertThat(run("cost").out())
        .contains("replica one", "981 KiB in 4 objects", "(30 of them are deleted again)")
        .doesNotContain("a month");
  }

  @Test
  void anEmptyReplicaAndARunningOne() throws Exception {
    assertThat(run("cost").out()).contains("0 B in 0 objects", "is not possible");
    sql("PRAGMA journal_mode=WAL", "CREATE TABLE t(a)");
    try (StreamController stream = stream()) {
      stream.sync(Duration.ofSeconds(30));
    }
    JsonNode cost = json(0, "cost").path("replicas").path(1);
    assertThat(cost.path("restore").path("objects").asInt()).isPositive();
    assertThat(cost.path("day").path("puts")).isEqualTo(cost.path("storedObjects"));
    assertThat(cost.path("prices")).isEmpty();
  }

  @Test
  void badPricesAreToldPlainly() throws Exception {
    assertThat(run("cost", "--prices", folder.resolve("none").toString()).err())
        .contains("--prices", "cannot be read: there is no");
    assertThat(run("cost", "--prices", prices("{").toString()).err()).contains("is not JSON");
    assertThat(run("cost", "--prices", prices("[]").toString()).err()).contains("one JSON object");
    Invocation wrong =
        run(
            "cost",
            "--prices",
            prices(PRICES.replace("2,", "-2,").replace("\"name\"", "\"title\"")).toString());
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err())
        .contains(
            "title is not a known key",
            "name is missing",
            "thousandLists must be a number, not below 0");
  }

  @Test
  void theListsThatComeWithItAreWhole() {
    assertThat(PriceList.known())
        .hasSize(3)
        .allSatisfy(
            list -> {
              assertThat(list.asOf()).matches("20\\d\\d-\\d\\d");
              assertThat(list.source()).startsWith("https://");
              assertThat(list.storedGbMonth()).isBetween(0.001, 0.1);
            });
  }
}
