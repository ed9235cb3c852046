package dev.stream.replica.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.s3.ScriptedServer.Answer;
import dev.stream.replica.s3.ScriptedServer.Seen;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UploadTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");
  private static final int PART = 5 << 20;
  private static final String BEGUN =
      "<InitiateMultipartUploadResult><Bucket>bkt</Bucket><Key>p/g/a</Key>"
          + "<UploadId>up1</UploadId></InitiateMultipartUploadResult>";
  private static final String NO_UPLOADS =
      "<ListMultipartUploadsResult><Bucket>bkt</Bucket><MaxUploads>1000</MaxUploads>"
          + "</ListMultipartUploadsResult>";
  private static final String COMPLETED =
      "<CompleteMultipartUploadResult><Key>p/g/a</Key></CompleteMultipartUploadResult>";

  /** A server that behaves. */
  private static Answer sound(Seen request) {
    if (request.method().equals("GET")) {
      return Answer.of(200, NO_UPLOADS);
    }
    if (request.method().equals("POST")) {
      return Answer.of(200, request.query().equals("uploads=") ? BEGUN : COMPLETED);
    }
    return Answer.of(request.method().equals("DELETE") ? 204 : 200, "");
  }

  private static ReplicaException putFails(ScriptedServer server, ObjectBody body)
      throws IOException {
    try (Replica replica = server.replica()) {
      return catchThrowableOfType(ReplicaException.class, () -> replica.put(KEY, body));
    }
  }

  @Test
  void aSmallObjectIsOneRequestAndTheServersClockTellsWhen() throws Exception {
    byte[] content = TestBodies.bytes(PART);
    try (ScriptedServer server = new ScriptedServer(UploadTest::sound);
        Replica replica = server.replica()) {
      ObjectInfo info = replica.put(KEY, TestBodies.of(content));
      assertThat(info.size()).isEqualTo(PART);
      assertThat(info.modifiedAt()).isBetween(ago(60), Instant.now().plusSeconds(60));
      assertThat(server.lines()).containsExactly("PUT /bkt/p/g/a");
      Seen put = server.seen().get(0);
      assertThat(put.body()).isEqualTo(content);
      assertThat(put.headers())
          .containsEntry("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
          .containsEntry("Content-Length", Integer.toString(PART));
      assertThat(put.headers().get("Authorization"))
          .startsWith("AWS4-HMAC-SHA256 Credential=key/")
          .doesNotContain("a-secret");
    }
  }

  @Test
  void aLargeObjectGoesInPartsThatMakeItUp() throws Exception {
    byte[] content = TestBodies.bytes(3 * PART + 7);
    try (ScriptedServer server = new ScriptedServer(UploadTest::sound);
        Replica replica = server.replica()) {
      replica.put(KEY, TestBodies.of(content));
      for (int i = 0; i < 4; i++) {
        int from = i * PART;
        byte[] expected = Arrays.copyOfRange(content, from, Math.min(from + PART, content.length));
        String line = "PUT /bkt/p/g/a?partNumber=" + (i + 1) + "&uploadId=up1";
        assertThat(server.seen().stream().filter(each -> each.line().equals(line)))
            .as(line)
            .singleElement()
            .satisfies(each -> assertThat(each.body()).isEqualTo(expected));
      }
      assertThat(server.seen().get(server.seen().size() - 1).text())
          .contains("<PartNumber>4</PartNumber>");
      assertThat(server.lines())
          .hasSize(7)
          .startsWith("GET /bkt/?prefix=p%2F&uploads=", "POST /bkt/p/g/a?uploads=")
          .endsWith("POST /bkt/p/g/a?uploadId=up1");
    }
  }

  @Test
  void aFailedPartAbortsTheUpload() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                request.line().contains("partNumber=3")
                    ? Answer.error(500, "InternalError")
                    : sound(request))) {
      ReplicaException failure = putFails(server, TestBodies.of(TestBodies.bytes(6 * PART)));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("g/a").hasMessageContaining("InternalError");
      assertThat(server.lines())
          .contains("DELETE /bkt/p/g/a?uploadId=up1")
          .doesNotContain("POST /bkt/p/g/a?uploadId=up1");
    }
  }

  @Test
  void aBodyThatFailsInAPartAbortsTheUploadAndIsNotReadAgain() throws Exception {
    try (ScriptedServer server = new ScriptedServer(UploadTest::sound)) {
      byte[] content = TestBodies.bytes(2 * PART + 1);
      ReplicaException failure = putFails(server, TestBodies.tornAt(PART + 100_000, content));
      assertThat(failure).hasMessageContaining("g/a").hasMessageContaining("told to fail");
      assertThat(server.lines())
          .contains("DELETE /bkt/p/g/a?uploadId=up1")
          .doesNotContain("POST /bkt/p/g/a?uploadId=up1");
    }
  }

  @Test
  void aBodyOfAnotherSizeCompletesNothing() throws Exception {
    byte[] content = TestBodies.bytes(2 * PART);
    for (long announced : new long[] {2 * PART - 1, 2 * PART + 1, 1000}) {
      try (ScriptedServer server = new ScriptedServer(UploadTest::sound)) {
        ReplicaException failure = putFails(server, TestBodies.announcing(announced, content));
        assertThat(failure).hasMessageContaining(announced + " bytes announced");
        assertThat(server.lines()).doesNotContain("POST /bkt/p/g/a?uploadId=up1");
        assertThat(server.seen()).noneMatch(each -> each.body().length == announced);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST /bkt/p/g/a?uploads=", "PUT /bkt/p/g/a?partNumber=2&uploadId=up1"})
  void aDiskThatFillsUpInTheMidstOfAnUploadIsFull(String refused) throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                request.line().equals(refused)
                    ? Answer.error(400, "IncompleteBody")
                    : sound(request))) {
      ReplicaException failure = putFails(server, TestBodies.of(TestBodies.bytes(PART + 1)));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("make room");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"InternalError", "XMinioStorageFull", "NobodyKnows"})
  void anErrorBehindAStatusOfSuccessIsAnError(String code) throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            request ->
                request.line().equals("POST /bkt/p/g/a?uploadId=up1")
                    ? Answer.error(200, code)
                    : sound(request))) {
      ReplicaException failure = putFails(server, TestBodies.of(TestBodies.bytes(PART + 1)));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(server.lines()).endsWith("DELETE /bkt/p/g/a?uploadId=up1");
    }
  }

  @Test
  void staleUploadsOfOursAreRemovedOnce() throws Exception {
    String uploads =
        "<ListMultipartUploadsResult><Bucket>bkt</Bucket><MaxUploads>1000</MaxUploads>"
            + upload("p/old", ago(25 * 3600))
            + upload("p/young", ago(23 * 3600))
            + upload("q/foreign", ago(25 * 3600))
            + "</ListMultipartUploadsResult>";
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    request.method().equals("GET") ? Answer.of(200, uploads) : sound(request));
        Replica replica = server.replica()) {
      replica.put(KEY, TestBodies.of(TestBodies.bytes(PART + 1)));
      replica.put(KEY, TestBodies.of(TestBodies.bytes(PART + 1)));
      assertThat(server.lines())
          .filteredOn(line -> line.startsWith("GET") || line.startsWith("DELETE"))
          .containsExactly(
              "GET /bkt/?prefix=p%2F&uploads=", "DELETE /bkt/p/old?uploadId=of-p%2Fold");
    }
  }

  @Test
  void thatTheyMayNotBeListedIsNoFailure() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    request.method().equals("GET")
                        ? Answer.error(403, "AccessDenied")
                        : sound(request));
        Replica replica = server.replica()) {
      assertThat(replica.put(KEY, TestBodies.of(TestBodies.bytes(PART + 1))).size())
          .isEqualTo(PART + 1);
    }
  }

  @Test
  void optionsGoWithTheRequestThatCreatesTheObject() {
    S3ReplicaConfig config =
        S3ReplicaConfigTest.config(
            Map.of(
                "serverSideEncryption", "aws:kms",
                "kmsKeyId", "alias/k",
                "storageClass", "STANDARD_IA"));
    assertThat(StorageOptions.headers(config))
        .containsOnly(
            Map.entry("x-amz-server-side-encryption", "aws:kms"),
            Map.entry("x-amz-server-side-encryption-aws-kms-key-id", "alias/k"),
            Map.entry("x-amz-storage-class", "STANDARD_IA"));
  }

  @Test
  void aPayloadThatMustBeSignedIsReadOnceMore() throws Exception {
    PartBody part = new PartBody("g/a", TestBodies.of("xabcx".getBytes(UTF_8)), 1, 3);
    assertThat(part.checksum())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  private static String upload(String key, Instant begun) {
    return "<Upload><Key>"
        + key
        + "</Key><UploadId>of-"
        + key
        + "</UploadId><Initiator><ID>i</ID><DisplayName>i</DisplayName></Initiator>"
        + "<Owner><ID>o</ID><DisplayName>o</DisplayName></Owner>"
        + "<StorageClass>STANDARD</StorageClass><Initiated>"
        + begun
        + "</Initiated></Upload>";
  }

  private static Instant ago(long seconds) {
    return Instant.now().minusSeconds(seconds).truncatedTo(ChronoUnit.MILLIS);
  }
}
