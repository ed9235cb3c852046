package dev.stream.replica.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.s3.ScriptedServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3FailuresTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchKey, NOT_FOUND, no such object",
    "404, NoSuchBucket, REJECTED, aws s3 mb s3://bkt",
    "403, AccessDenied, ACCESS_DENIED, s3:PutObject",
    "403, InvalidAccessKeyId, ACCESS_DENIED, check accessKey",
    "403, SignatureDoesNotMatch, ACCESS_DENIED, check accessKey",
    "400, ExpiredToken, ACCESS_DENIED, expired",
    "403, RequestTimeTooSkewed, ACCESS_DENIED, clock",
    "503, SlowDown, UNAVAILABLE, SlowDown",
    "429, TooManyRequests, UNAVAILABLE, TooManyRequests",
    "500, InternalError, UNAVAILABLE, InternalError",
    "507, XMinioStorageFull, UNAVAILABLE, make room",
    "507, Whatever, UNAVAILABLE, make room",
    "507, InsufficientCapacity, UNAVAILABLE, make room",
    "403, QuotaExceeded, UNAVAILABLE, make room",
    "400, XMinioAdminBucketQuotaExceeded, UNAVAILABLE, make room",
    "400, IncompleteBody, UNAVAILABLE, make room",
    "400, BadDigest, UNAVAILABLE, all that was sent",
    "400, InvalidPart, UNAVAILABLE, InvalidPart",
    "409, OperationAborted, UNAVAILABLE, OperationAborted",
    "599, NobodyKnows, UNAVAILABLE, NobodyKnows",
    "499, NobodyKnows, REJECTED, NobodyKnows",
    "501, NotImplemented, REJECTED, NotImplemented",
    "400, InvalidArgument, REJECTED, InvalidArgument",
    "307, TemporaryRedirect, UNAVAILABLE, for now",
    "301, PermanentRedirect, REJECTED, correct endpoint",
  })
  void anAnswerHasAReasonAndSaysWhatToDo(int status, String code, Reason reason, String advice)
      throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.error(status, code));
        Replica replica = server.replica()) {
      ReplicaException failure =
          catchThrowableOfType(
              ReplicaException.class, () -> replica.put(KEY, TestBodies.of(TestBodies.bytes(100))));
      assertThat(failure.reason()).isEqualTo(reason);
      assertThat(failure)
          .hasMessageContaining("g/a")
          .hasMessageContaining("bucket bkt at http://127.0.0.1")
          .hasMessageContaining(advice);
      for (Throwable each = failure; each != null; each = each.getCause()) {
        assertThat(each.toString()).doesNotContain("a-secret").doesNotContain("Signature=");
      }
      assertThat(server.lines()).as("retries are the core's").hasSize(1);
    }
  }

  @Test
  void aFullDiskBehindAnInternalErrorIsFull() throws Exception {
    String error =
        "<Error><Code>InternalError</Code><Message>cause(no space left on"
            + " device)</Message></Error>";
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(500, error));
        Replica replica = server.replica()) {
      assertThatThrownBy(() -> replica.put(KEY, TestBodies.of(TestBodies.bytes(100))))
          .hasMessageContaining("make room");
    }
  }

  @Test
  void anotherRegionIsNamed() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    Answer.error(301, "PermanentRedirect")
                        .with("x-amz-bucket-region", "eu-west-1"));
        ScriptedServer malformed =
            new ScriptedServer(
                request ->
                    Answer.of(
                        400,
                        "<Error><Code>AuthorizationHeaderMalformed</Code><Message>wrong</Message>"
                            + "<Region>eu-west-1</Region></Error>"))) {
      for (ScriptedServer each : new ScriptedServer[] {server, malformed}) {
        try (Replica replica = each.replica()) {
          assertThatThrownBy(() -> replica.list("g/"))
              .hasMessageContaining("set region to \"eu-west-1\"");
        }
      }
    }
  }

  @Test
  void aRedirectIsShownWithoutItsQuery() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    Answer.of(302, "moved").with("Location", "https://elsewhere/x?sig=hush"));
        Replica replica = server.replica()) {
      assertThatThrownBy(() -> replica.list("g/"))
          .hasMessageContaining("https://elsewhere/x")
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void aServerThatSpeaksNoS3IsRejected() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(request -> Answer.of(404, "<html>not here</html>"));
        Replica replica = server.replica()) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> replica.open(KEY, 0, 1));
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure)
          .hasMessageContaining("HTTP status 404")
          .hasMessageContaining("does not answer as S3 does; correct endpoint");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Client sent an HTTP request to an HTTPS server.",
        "<html><head><title>400 The plain HTTP request was sent to HTTPS"
            + " port</title></head></html>",
        "<html><p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br /></html>",
      })
  void httpToAServerOfHttpsSaysSo(String answer) throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(400, answer));
        Replica replica = server.replica()) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> replica.list("g/"));
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure).hasMessageContaining("the server wants https");
    }
  }

  /** As by a server that ends the connection, or answers with an alert of TLS. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\u0015\u0003\u0003\u0000\u0002\u0002F"})
  void whatIsNoAnswerToHttpMayWantHttps(String answer) throws Exception {
    Thread tls;
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      tls = new Thread(() -> answerAll(server, answer));
      tls.start();
      ReplicaException failure = listFails("http://127.0.0.1:" + server.getLocalPort());
      assertThat(failure)
          .hasMessageContaining("if the server wants https, leave out insecure")
          .message()
          .matches(text -> text.chars().noneMatch(Character::isISOControl));
    }
    tls.join();
  }

  private static void answerAll(ServerSocket server, String answer) {
    try {
      while (true) {
        try (Socket client = server.accept()) {
          int first = client.getInputStream().read();
          client.getOutputStream().write(answer.getBytes(UTF_8));
          client.shutdownOutput();
          while (first >= 0) {
            first = client.getInputStream().read();
          }
        }
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @Test
  void aCertificateForOtherNamesSaysForWhich() {
    S3Location location =
        S3Location.of(
            S3ReplicaConfigTest.config(java.util.Map.of("endpoint", "https://a.example:9000")),
            java.util.Map.of());
    String names = "\n    subjectAltNames: [b.example, c.example]";
    String said = "Hostname a.example not verified:\n    certificate: sha256/x\n    DN: CN=b";
    ReplicaException failure =
        new S3Failures(location).typed("list 'g/'", new SSLPeerUnverifiedException(said + names));
    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure)
        .hasMessageEndingWith(
            "the server's certificate is not for a.example, but for b.example, c.example; correct"
                + " endpoint or the certificate");
    assertThat(new S3Failures(location).typed("list 'g/'", new SSLPeerUnverifiedException(said)))
        .hasMessageContaining("but for CN=b; correct");
  }

  @Test
  void anAddressOfTheNewerKindWorksAndIsShownInBrackets() throws Exception {
    ScriptedServer started;
    try {
      started = new ScriptedServer("[::1]", request -> Answer.error(403, "AccessDenied"));
    } catch (IOException e) {
      assumeTrue(false, "no IPv6 here: " + e);
      return;
    }
    try (ScriptedServer server = started;
        Replica replica = server.replica()) {
      assertThatThrownBy(() -> replica.list("g/"))
          .hasMessageContaining("bucket bkt at http://" + server.address() + ":");
      assertThat(server.seen().get(0).headers()).containsEntry("Host", server.address());
    }
  }

  @Test
  void nobodyListeningIsUnavailable() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ReplicaException failure = listFails("http://127.0.0.1:" + port);
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("'g/'");
  }

  @Test
  void anUnknownHostIsUnavailableAndNamed() throws Exception {
    ReplicaException failure = listFails("http://no-such-host.invalid");
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("no-such-host.invalid");
  }

  @Test
  void httpsToAServerOfPlainHttpSaysSo() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread plain =
          new Thread(
              () -> {
                try (Socket client = server.accept()) {
                  client
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                  client.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // The client has seen enough.
                }
              });
      plain.start();
      ReplicaException failure = listFails("https://127.0.0.1:" + server.getLocalPort());
      plain.join();
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure).hasMessageContaining("insecure");
    }
  }

  private static ReplicaException listFails(String endpoint) throws IOException {
    S3ReplicaConfig config =
        S3ReplicaConfigTest.config(
            java.util.Map.of("endpoint", endpoint, "accessKey", "key", "secretKey", "a-secret"));
    try (Replica replica = new S3ReplicaProvider().open(config)) {
      return catchThrowableOfType(ReplicaException.class, () -> replica.list("g/"));
    }
  }

  @Test
  void whatIsClosedFailsPlainly() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(200, ""))) {
      Replica replica = server.replica();
      replica.close();
      assertThatThrownBy(() -> replica.open(KEY, 0, 1)).hasMessageContaining("closed");
      assertThat(server.lines()).isEmpty();
    }
  }
}
