package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.s3.ScriptedServer.Answer;
import io.minio.credentials.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CredentialChainTest {

  private static final Map<String, String> IN_ENVIRONMENT =
      Map.of(
          "AWS_ACCESS_KEY_ID", "env-id",
          "AWS_SECRET_ACCESS_KEY", "env-secret",
          "AWS_SESSION_TOKEN", "env-token");

  @TempDir Path home;

  private Credentials fetch(Map<String, Object> config, Map<String, String> environment)
      throws IOException {
    return CredentialChain.of(S3ReplicaConfigTest.config(config), environment, home).fetch();
  }

  private void profiles(String text) throws IOException {
    Files.createDirectories(home.resolve(".aws"));
    Files.writeString(home.resolve(".aws/credentials"), text);
  }

  @Test
  void theConfigurationComesFirst() throws Exception {
    profiles("[default]\naws_access_key_id=file-id\naws_secret_access_key=file-secret\n");
    Credentials found =
        fetch(Map.of("accessKey", "own-id", "secretKey", "own-secret"), IN_ENVIRONMENT);
    assertThat(found.accessKey()).isEqualTo("own-id");
    assertThat(found.sessionToken()).isNull();
  }

  @Test
  void thenTheEnvironmentWithItsToken() throws Exception {
    profiles("[default]\naws_access_key_id=file-id\naws_secret_access_key=file-secret\n");
    Credentials found = fetch(Map.of(), IN_ENVIRONMENT);
    assertThat(found.accessKey()).isEqualTo("env-id");
    assertThat(found.secretKey()).isEqualTo("env-secret");
    assertThat(found.sessionToken()).isEqualTo("env-token");
  }

  @Test
  void halfAPairInTheEnvironmentIsAnError() {
    assertThatThrownBy(() -> fetch(Map.of(), Map.of("AWS_ACCESS_KEY_ID", "env-id")))
        .hasMessageContaining("AWS_SECRET_ACCESS_KEY");
    assertThatThrownBy(() -> fetch(Map.of(), Map.of("AWS_SECRET_ACCESS_KEY", "hush")))
        .hasMessageContaining("AWS_ACCESS_KEY_ID")
        .hasMessageNotContaining("hush");
  }

  @Test
  void thenTheProfileFileWhichMayChange() throws Exception {
    profiles(
        """
        # comment
        [other]
        aws_access_key_id = other-id
        aws_secret_access_key = s+/=x
        aws_session_token = other-token

        [default]
        aws_access_key_id=file-id
        aws_secret_access_key=file-secret
        """);
    assertThat(fetch(Map.of(), Map.of()).accessKey()).isEqualTo("file-id");
    Credentials other = fetch(Map.of(), Map.of("AWS_PROFILE", "other"));
    assertThat(other.secretKey()).isEqualTo("s+/=x");
    assertThat(other.sessionToken()).isEqualTo("other-token");

    SignedClient.Keys keys =
        CredentialChain.of(S3ReplicaConfigTest.config(Map.of()), Map.of(), home);
    profiles("[default]\naws_access_key_id=new-id\naws_secret_access_key=new-secret\n");
    assertThat(keys.fetch().accessKey()).isEqualTo("new-id");
  }

  @Test
  void theFileMayBeElsewhere() throws Exception {
    Path file = home.resolve("elsewhere");
    Files.writeString(file, "[default]\naws_access_key_id=x\naws_secret_access_key=y\n");
    assertThat(fetch(Map.of(), Map.of("AWS_SHARED_CREDENTIALS_FILE", file.toString())).accessKey())
        .isEqualTo("x");
  }

  @Test
  void aProfileThatIsMissingOrHalfIsAnError() throws Exception {
    profiles("[default]\naws_access_key_id=file-id\n[role]\nrole_arn = a\n");
    assertThatThrownBy(() -> fetch(Map.of(), Map.of("AWS_PROFILE", "nobody")))
        .hasMessageContaining("no profile nobody in " + home.resolve(".aws/credentials"));
    assertThatThrownBy(() -> fetch(Map.of(), Map.of())).hasMessageContaining("profile default");
    assertThatThrownBy(() -> fetch(Map.of(), Map.of("AWS_PROFILE", "role")))
        .hasMessageContaining("not supported");
  }

  @Test
  void nothingFoundSaysWhereWasLooked() {
    ReplicaException failure =
        catchThrowableOfType(
            ReplicaException.class,
            () -> fetch(Map.of(), Map.of("AWS_EC2_METADATA_DISABLED", "true")));
    assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(failure)
        .hasMessageContaining("no credentials")
        .hasMessageContaining("AWS_ACCESS_KEY_ID")
        .hasMessageContaining(home.resolve(".aws/credentials").toString())
        .hasMessageContaining("AWS_WEB_IDENTITY_TOKEN_FILE");
  }

  @Test
  void theMachinesRoleIsAskedLast() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            request -> {
              if (request.path().endsWith("/api/token")) {
                return Answer.of(200, "tok");
              }
              return request.path().endsWith("/security-credentials/")
                  ? Answer.of(200, "the-role")
                  : Answer.of(
                      200,
                      "{\"Code\":\"Success\",\"AccessKeyId\":\"role-id\",\"SecretAccessKey\":"
                          + "\"role-secret\",\"Token\":\"role-token\","
                          + "\"Expiration\":\"2999-01-01T00:00:00Z\"}");
            })) {
      SignedClient.Keys keys =
          CredentialChain.of(
              S3ReplicaConfigTest.config(Map.of()), Map.of(), home, "http://" + server.address());
      assertThat(keys.fetch().accessKey()).isEqualTo("role-id");
      assertThat(keys.fetch().sessionToken()).isEqualTo("role-token");
      assertThat(server.lines()).as("kept until they expire").hasSize(3);
    }
  }

  @Test
  void aMachineWithoutRolesSaysSo() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(404, "no"))) {
      SignedClient.Keys keys =
          CredentialChain.of(
              S3ReplicaConfigTest.config(Map.of()), Map.of(), home, "http://" + server.address());
      ReplicaException failure = catchThrowableOfType(ReplicaException.class, keys::fetch);
      assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED);
      assertThat(failure).hasMessageContaining("no credentials; looked for");
    }
  }
}
