package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.replica.s3.ScriptedServer.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BucketVersionsTest {

  private static final String VERSIONS =
      "<VersioningConfiguration"
          + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>Enabled</Status></VersioningConfiguration>";

  private static String rule(String status, String filter) {
    return "<LifecycleConfiguration><Rule><ID>r</ID><Status>"
        + status
        + "</Status>"
        + filter
        + "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>"
        + "</NoncurrentVersionExpiration></Rule></LifecycleConfiguration>";
  }

  private static List<String> warnings(Answer versions, Answer lifecycle, Answer lock)
      throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    switch (String.valueOf(request.query())) {
                      case "versioning=" -> versions;
                      case "lifecycle=" -> lifecycle;
                      case "object-lock=" -> lock;
                      default -> Answer.error(400, "Unexpected");
                    });
        Replica replica = server.replica()) {
      return replica.warnings();
    }
  }

  private static final Answer NO_RULE = Answer.error(404, "NoSuchLifecycleConfiguration");
  private static final Answer NO_LOCK = Answer.error(404, "ObjectLockConfigurationNotFoundError");

  @Test
  void versionsThatNoRuleEndsAreWarnedOf() throws Exception {
    for (Answer lifecycle :
        List.of(
            NO_RULE,
            Answer.error(403, "AccessDenied"),
            Answer.of(200, rule("Disabled", "")),
            Answer.of(200, rule("Enabled", "<Filter><Prefix>other/</Prefix></Filter>")),
            Answer.of(
                200,
                rule("Enabled", "<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>")))) {
      assertThat(warnings(Answer.of(200, VERSIONS), lifecycle, NO_LOCK))
          .singleElement()
          .asString()
          .contains("keeps versions", "NoncurrentVersionExpiration covers p/");
    }
  }

  @Test
  void versionsThatARuleEndsAreNot() throws Exception {
    for (String filter :
        List.of(
            "",
            "<Prefix></Prefix>",
            "<Prefix>p/</Prefix>",
            "<Filter></Filter>",
            "<Filter><Prefix/></Filter>",
            "<Filter><Prefix>p/</Prefix></Filter>")) {
      assertThat(
              warnings(Answer.of(200, VERSIONS), Answer.of(200, rule("Enabled", filter)), NO_LOCK))
          .as(filter)
          .isEmpty();
    }
  }

  @Test
  void anObjectLockIsNamedWithItsTime() throws Exception {
    String lock =
        "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>"
            + "<DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention>"
            + "</Rule></ObjectLockConfiguration>";
    assertThat(
            warnings(
                Answer.of(200, VERSIONS),
                Answer.of(200, rule("Enabled", "")),
                Answer.of(200, lock)))
        .singleElement()
        .asString()
        .contains("Object Lock (COMPLIANCE) keeps each object for 30 day(s)");
  }

  @Test
  void aBucketWithoutVersionsOrThatMayNotBeAskedHasNothingToTell() throws Exception {
    for (Answer versions :
        List.of(
            Answer.of(200, "<VersioningConfiguration></VersioningConfiguration>"),
            Answer.error(403, "AccessDenied"),
            Answer.error(501, "NotImplemented"))) {
      assertThat(warnings(versions, NO_RULE, NO_LOCK)).isEmpty();
    }
  }

  @Test
  void anAnswerReadsNoFilesOfThisMachine() {
    String answer =
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
            + "<VersioningConfiguration><Status>&x;</Status></VersioningConfiguration>";
    assertThatThrownBy(() -> warnings(Answer.of(200, answer), NO_RULE, NO_LOCK))
        .isInstanceOf(ReplicaException.class);
  }

  @Test
  void anAnswerThatIsNotUnderstoodIsAFailure() {
    assertThatThrownBy(() -> warnings(Answer.of(200, "<nonsense"), NO_RULE, NO_LOCK))
        .isInstanceOf(ReplicaException.class)
        .hasMessageContaining("cannot read the bucket's versioning");
  }
}
