package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No message, cause, stack trace or description shows a secret. */
final class SecretsTest {

  private static final String SECRET = "badHUSH1234567890";
  private static final Map<String, String> ENV =
      Map.of("KEY", SECRET, "NAME", "example-bucket", "HOST", "https://u:" + SECRET + "@h");

  private static String document(String replica) {
    return ("{'database': {'type': 'sqlite', 'path': 'a'}, 'shadowDir': 's', 'replicas': ["
            + replica
            + "]}")
        .replace('\'', '"');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // refused by the record's constructor, which quotes the value
        "{'type': 's3', 'bucket': 'b', 'secretKey': '" + SECRET + "'}",
        "{'type': 's3', 'bucket': 'b', 'secretKey': '${KEY}'}",
        "{'type': 's3', 'bucket': 'b', 'secretKey': 'bad${KEY}'}",
        "{'type': 's3', 'bucket': 'b', 'region': 'nowhere', 'endpoint': '${HOST}', 'secretKey':"
            + " 'q'}",
        "{'type': 's3', 'bucket': 'b', 'region': 'nowhere', 'endpoint': '${HOST}'}",
        // not of the right form
        "{'type': 's3', 'bucket': 'b', 'secretKey': ['" + SECRET + "']}",
        "{'type': 's3', 'bucket': 'b', 'secretKey': '" + SECRET + "${'}",
        "{'type': 's3', 'bucket': 'b', 'secretKey': '" + SECRET + "${UNSET}'}",
        "{'type': 's3', 'bucket': 'b', 'headers': '" + SECRET + "'}",
        "{'type': 's3', 'bucket': 'b', 'headers': {'a': ['" + SECRET + "']}}",
        "{'type': 's3', 'bucket': 'b', 'secretkey': '" + SECRET + "'}",
        "{'type': '${KEY}', 'bucket': 'b'}",
        "{'type': 's3', 'bucket': 'b', 'name': '${KEY}!'}",
        "{'type': 's3', 'bucket': 'b', 'name': '${KEY}'}, {'type': 's3', 'bucket': 'b', 'name':"
            + " '${KEY}'}",
        // not JSON
        "{'type': 's3', 'secretKey': " + SECRET + "}",
        "{'type': 's3', 'secretKey': '" + SECRET,
        "{'type': 's3', 'secretKey': '" + SECRET + "' '" + SECRET + "'}",
        "{'type': 's3', 'secretKey': '" + SECRET + "\n'}",
        "{'type': 's3', 'secretKey': '\\" + SECRET + "'}",
        "{'type': 's3', 'secretKey': 12" + SECRET + "}",
        "{'type': 's3', 'secretKey': true" + SECRET + "}",
      })
  void anErrorNeverShowsTheSecret(String replica) {
    Throwable thrown =
        catchThrowable(() -> StreamConfig.parse(document(replica), SamplePlugins.registry(), ENV));
    assertThat(thrown).isInstanceOf(ConfigException.class);
    StringWriter all = new StringWriter();
    thrown.printStackTrace(new PrintWriter(all));
    assertThat(all.toString() + ((ConfigException) thrown).problems())
        .contains("replicas[")
        .doesNotContain("HUSH")
        .doesNotContain(SECRET);
  }

  @Test
  void aFileThatEverybodyMayReadIsNoPlaceForSecrets(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("stream.json"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(OpenSecrets.isOpen(file)).isTrue();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(OpenSecrets.isOpen(file)).isFalse();
    for (String key : List.of("file-secret", "${SECRET}")) {
      Redaction redaction = new Redaction();
      redaction.remember(key, EnvExpansion.of(Map.of("SECRET", "x")).expand(key), true);
      assertThat(redaction.hasWrittenSecrets()).as(key).isEqualTo(key.equals("file-secret"));
    }
  }

  @Test
  void aCarelessMessageIsRedacted() {
    assertThat(
            catchThrowable(
                () ->
                    StreamConfig.parse(
                        document("{'type': 's3', 'bucket': 'b', 'secretKey': '${KEY}'}"),
                        SamplePlugins.registry(),
                        ENV)))
        .hasMessage("replicas[0].secretKey: *** is too weak");
  }

  @Test
  void aShortSecretTakesItsWholeMessageAway() {
    assertThat(
            catchThrowable(
                () ->
                    StreamConfig.parse(
                        document("{'type': 's3', 'bucket': 'b', 'secretKey': 'bad'}"),
                        SamplePlugins.registry(),
                        ENV)))
        .hasMessage(
            "replicas[0].secretKey: is not valid; the reason given is withheld, for it might show"
                + " a secret");
  }

  @Test
  void descriptionsMaskSecretsAndShowVariablesAsWritten() throws Exception {
    StreamConfig config =
        StreamConfig.parse(
            document(
                "{'type': 's3', 'bucket': '${NAME}', 'endpoint': '${HOST}', 'secretKey': 'x${KEY}',"
                    + " 'headers': {'a': '"
                    + SECRET
                    + "'}}"),
            SamplePlugins.registry(),
            ENV);
    assertThat(config.replicas().get(0))
        .hasToString(
            "{\"type\":\"s3\",\"name\":\"s3\",\"bucket\":\"${NAME}\",\"endpoint\":\"${HOST}\","
                + "\"secretKey\":\"***\",\"headers\":\"***\"}");
    assertThat(config.toString() + config.describe() + config.replicas()).doesNotContain("HUSH");
    assertThat(config.describe())
        .containsEntry("syncInterval", "PT1S")
        .containsEntry("compression", Map.of("codec", "zstd"))
        .containsEntry(
            "retention",
            Map.of(
                "snapshotRetention",
                "PT24H",
                "checkInterval",
                "PT1H",
                "segmentRetention",
                List.of("PT1H", "PT24H", "PT168H")));
  }
}
