package dev.stream.replica.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import io.nats.client.AuthenticationException;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusException;
import io.nats.client.api.StreamInfo;
import io.nats.client.support.JsonParser;
import io.nats.client.support.Status;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NatsFailuresTest {

  private final NatsFailures failures = new NatsFailures("nats://a:1,nats://b:2", "backups", null);

  private ReplicaException typed(Throwable failure) {
    ReplicaException typed = failures.typed("store g/a", failure);
    assertThat(typed)
        .hasMessageStartingWith("cannot store g/a in bucket backups at nats://a:1,nats://b:2: ");
    return typed;
  }

  private static JetStreamApiException api(int code, int apiCode, String description)
      throws Exception {
    String answer =
        String.format(
            "{\"error\":{\"code\":%d,\"err_code\":%d,\"description\":\"%s\"}}",
            code, apiCode, description);
    try {
      new StreamInfo(JsonParser.parse(answer)).throwOnHasError();
    } catch (JetStreamApiException e) {
      return e;
    }
    throw new AssertionError("no error: " + answer);
  }

  @ParameterizedTest
  @CsvSource({
    "404, 10059, stream not found, REJECTED, nats object add backups --server nats://a:1",
    "503, 10076, JetStream not enabled, REJECTED, JetStream is not enabled",
    "503, 10039, JetStream not enabled for account, REJECTED, JetStream is not enabled",
    "503, 10077, maximum bytes exceeded, UNAVAILABLE, max_bytes",
    "503, 10047, insufficient storage resources available, UNAVAILABLE, no room",
    "500, 10077, write: no space left on device, UNAVAILABLE, no room",
    "500, 10052, rollup not permitted? no: other, UNAVAILABLE, the server says",
    "500, 10111, rollup not permitted, REJECTED, nats object add",
    "500, 10109, invalid operation on sealed stream, ACCESS_DENIED, sealed",
    "400, 10003, bad request, REJECTED, bad request",
    "503, 10008, JetStream system temporarily unavailable, UNAVAILABLE, temporarily",
  })
  void whatTheServerSaysHasAReason(
      int code, int apiCode, String description, Reason reason, String said) throws Exception {
    ReplicaException typed = typed(api(code, apiCode, description));
    assertThat(typed.reason()).isEqualTo(reason);
    assertThat(typed).hasMessageContaining(said);
  }

  @Test
  void aRefusedSubjectIsNamed() {
    PermissionViolation violation =
        PermissionViolation.of("Permissions Violation for Publish to \"$O.backups.C.x\"");
    assertThat(violation).isNotNull();
    ReplicaException typed = typed(violation);
    assertThat(typed.reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(typed).hasMessageContaining("may not publish to $O.backups.C.x");
  }

  @Test
  void refusedSubscriptionsAreUnderstoodInTheWordsOfAllServers() {
    for (String error :
        new String[] {
          "Permissions Violation for Subscription to \"_INBOX.a.*\"",
          "'Permissions Violation for Subscription to \"_INBOX.a.*\"'",
          "permissions violation for subscription to \"_INBOX.a.*\" using queue \"q\"",
        }) {
      PermissionViolation violation = PermissionViolation.of(error);
      assertThat(violation).as(error).isNotNull();
      assertThat(violation.subject()).isEqualTo("_INBOX.a.*");
      assertThat(violation.publish()).isFalse();
    }
    assertThat(PermissionViolation.of("Stale Connection")).isNull();
  }

  @Test
  void refusedCredentialsAreAccessDenied() {
    ReplicaException typed = typed(new AuthenticationException("authorization violation"));
    assertThat(typed.reason()).isEqualTo(Reason.ACCESS_DENIED);
  }

  @Test
  void anUnknownAuthorityIsRejectedWithAdvice() {
    SSLHandshakeException tls = new SSLHandshakeException("PKIX path building failed");
    tls.initCause(new CertificateException("no path"));
    ReplicaException typed = typed(new IOException(tls));
    assertThat(typed.reason()).isEqualTo(Reason.REJECTED);
    assertThat(typed).hasMessageContaining("rootCAs");
  }

  @Test
  void aBrokenHandshakeIsWorthAnotherTry() {
    ReplicaException typed = typed(new SSLHandshakeException("connection closed"));
    assertThat(typed.reason()).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void silenceIsUnavailable() {
    Status nobody = new Status(Status.NO_RESPONDERS_CODE, Status.NO_RESPONDERS_TEXT);
    for (Throwable silence :
        new Throwable[] {
          new TimeoutException(),
          new ExecutionException(new JetStreamStatusException(nobody)),
          new CancellationException(),
          new IOException("Connection refused"),
        }) {
      assertThat(typed(silence).reason()).as(silence.toString()).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void whatIsTypedStaysAsItIs() {
    ReplicaException already = new ReplicaException(Reason.NOT_FOUND, "none");
    assertThat(failures.typed("read g/a", new ExecutionException(already))).isSameAs(already);
  }
}
