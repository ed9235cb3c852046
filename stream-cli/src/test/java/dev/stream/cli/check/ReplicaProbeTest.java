package dev.stream.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.cli.check.StrictReplica.Right;
import dev.stream.cli.output.Json;
import dev.stream.core.config.ReplicaConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A check of a replica tells each right, and how long it takes. */
final class ReplicaProbeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StrictReplica replica = new StrictReplica();

  private ProbeReport probe() throws Exception {
    return ReplicaProbe.run(ReplicaConfig.of("one", replica), PATIENCE);
  }

  private static JsonNode json(ProbeReport report) throws Exception {
    return Json.mapper().readTree(Json.text(report.tree("one")));
  }

  /** The states of reach, list, write, read and delete: true, false, or null if not tried. */
  private static String states(ProbeReport report) throws Exception {
    StringBuilder states = new StringBuilder();
    for (JsonNode step : json(report).path("steps")) {
      if (step.path("step").asText().equals("large")) {
        continue; // no right of its own
      }
      states.append(step.path("step").asText()).append('=').append(step.path("ok")).append(' ');
    }
    return states.toString().strip();
  }

  @Test
  void everythingThatIsAllowedIsTimedAndNothingStays() throws Exception {
    ProbeReport report = probe();
    assertThat(report.ok()).isTrue();
    assertThat(report.warns()).isFalse();
    assertThat(states(report)).isEqualTo("reach=true list=true write=true read=true delete=true");
    assertThat(report.text())
        .startsWith("strict: can list, write, read, delete and move large objects; round trip ")
        .containsPattern(
            "\\(list [0-9.]+ ms, write [0-9.]+ ms, read .* ms, delete .* ms, large .* ms\\)")
        .doesNotContain("cannot");
    assertThat(json(report).path("roundTripMillis").isNumber()).isTrue();
    assertThat(json(report).path("leftover").isNull()).isTrue();
    assertThat(replica.objects).isEmpty();
  }

  @Test
  void credentialsThatOnlyReadAreToldApart() throws Exception {
    replica.objects.put(new ObjectKey("a/b"), new byte[10]);
    replica.refuse(Reason.ACCESS_DENIED, Right.PUT, Right.DELETE);
    ProbeReport report = probe();
    assertThat(report.ok()).isFalse();
    assertThat(states(report)).isEqualTo("reach=true list=true write=false read=true delete=false");
    assertThat(report.text())
        .contains("can list and read, cannot write and delete (access denied): PUT says no");
    assertThat(json(report).path("steps").path(2).path("reason").asText())
        .isEqualTo("access-denied");
    assertThat(json(report).path("roundTripMillis").isNumber()).isTrue();
    assertThat(replica.objects).containsOnlyKeys(new ObjectKey("a/b"));
  }

  @Test
  void readingIsTriedWhereNothingIsAndMayBeRefused() throws Exception {
    replica.refuse(Reason.ACCESS_DENIED, Right.PUT);
    assertThat(states(probe())).isEqualTo("reach=true list=true write=false read=true delete=null");
    replica.refuse(Reason.ACCESS_DENIED, Right.OPEN);
    assertThat(states(probe()))
        .isEqualTo("reach=true list=true write=false read=false delete=null");
  }

  @Test
  void whereNothingCanBeDeletedThereIsAWarningAndOneObjectStaysHoweverOften() throws Exception {
    replica.refuse(Reason.ACCESS_DENIED, Right.DELETE);
    ProbeReport report = probe();
    assertThat(report.ok()).isTrue();
    assertThat(report.warns()).isTrue();
    assertThat(report.text())
        .contains("can list, write and read, cannot delete (access denied): DELETE says no")
        .contains("retention could not work")
        .contains("the object stream-check/undeletable may have been left there");
    assertThat(json(report).path("warning").asBoolean()).isTrue();
    assertThat(probe().ok()).isTrue();
    assertThat(replica.objects).containsOnlyKeys(new ObjectKey("stream-check/undeletable"));
  }

  @Test
  void writingWithoutListingIsNotEnough() throws Exception {
    replica.refuse(Reason.ACCESS_DENIED, Right.LIST);
    ProbeReport report = probe();
    assertThat(report.ok()).isFalse();
    assertThat(states(report)).isEqualTo("reach=true list=false write=true read=true delete=true");
    assertThat(replica.objects).isEmpty();
  }

  @Test
  void whatIsOutOfReachIsTriedOnce() throws Exception {
    replica.refuse(Reason.UNAVAILABLE, Right.values());
    ProbeReport report = probe();
    assertThat(report.ok()).isFalse();
    assertThat(states(report)).isEqualTo("reach=false list=null write=null read=null delete=null");
    assertThat(report.text())
        .contains("cannot be reached (not reachable, full or out of order): LIST says no");
  }

  @Test
  void aFullStoreIsNoUnreachableOne() throws Exception {
    replica.refuse(Reason.UNAVAILABLE, Right.PUT);
    assertThat(probe().text())
        .contains("can list and read, cannot write (not reachable, full or out of order)");
  }

  @Test
  void aLargeObjectThatNeverArrivesIsFoundAndSmallOnesStillWork() throws Exception {
    replica.hangOnLarge();
    ProbeReport report = ReplicaProbe.run(ReplicaConfig.of("one", replica), Duration.ofSeconds(1));
    assertThat(report.ok()).isFalse();
    assertThat(states(report)).isEqualTo("reach=true list=true write=true read=true delete=true");
    assertThat(report.text())
        .contains("can list, write, read and delete, cannot move large objects (timeout)")
        .contains("an object of 17 MiB did not get through: nothing moved for 1.0 s (--timeout)")
        .contains("may have been left there");
    JsonNode large = json(report).path("steps").path(5);
    assertThat(large.path("step").asText()).isEqualTo("large");
    assertThat(large.path("reason").asText()).isEqualTo("timeout");
  }

  @Test
  void aLargeObjectThatComesBackOtherwiseIsFoundAndRemoved() throws Exception {
    replica.spoilLarge();
    ProbeReport report = probe();
    assertThat(report.ok()).isFalse();
    assertThat(report.text())
        .contains("cannot move large objects (refused): ")
        .contains("returns other bytes than it was given")
        .doesNotContain("may have been left there");
    assertThat(replica.objects).isEmpty();
  }

  @Test
  void whoNeverAnswersIsNotWaitedForForEver() throws Exception {
    replica.hang();
    ProbeReport report = ReplicaProbe.run(ReplicaConfig.of("one", replica), Duration.ofMillis(300));
    assertThat(report.ok()).isFalse();
    assertThat(report.text())
        .contains("can list, cannot write (timeout): no answer within 300 ms (--timeout)")
        .contains("may have been left there");
    assertThat(json(report).path("steps").path(2).path("reason").asText()).isEqualTo("timeout");
  }

  @Test
  void whatAReplicaSaysOfItsStoreIsAWarning() throws Exception {
    replica.warnings = List.of("it keeps versions");
    ProbeReport report = probe();
    assertThat(report.ok()).isTrue();
    assertThat(report.warns()).isTrue();
    assertThat(report.text())
        .startsWith(
            "strict: can list, write, read, delete and move large objects; it keeps versions; round trip ")
        .doesNotContain("retention could not work");
    assertThat(json(report).path("warning").asBoolean()).isTrue();
    assertThat(json(report).path("warnings").path(0).asText()).isEqualTo("it keeps versions");
    replica.refuse(Reason.ACCESS_DENIED, Right.WARN);
    assertThat(probe().warns()).as("what may not be asked").isFalse();
  }
}
