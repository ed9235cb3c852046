package dev.stream.it.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.backend.Requests;
import io.minio.ListMultipartUploadsArgs;
import io.minio.MinioAsyncClient;
import io.minio.credentials.AssumeRoleProvider;
import io.minio.credentials.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes wrong with a server that is otherwise sound. */
class S3FaultsIT {

  private static final ObjectKey KEY = new ObjectKey("g/a");
  private static final ObjectKey OTHER = new ObjectKey("g/b");

  private static S3Backend backend;

  private final String place = UUID.randomUUID().toString();

  @BeforeAll
  static void start() throws Exception {
    backend = S3Backend.start();
  }

  @AfterAll
  static void stop() throws Exception {
    backend.close();
  }

  /** Something that must fail. */
  interface Attempt {
    void run() throws Exception;
  }

  static ReplicaException failure(Attempt attempt) {
    ReplicaException failure = catchThrowableOfType(ReplicaException.class, attempt::run);
    assertThat(failure).isNotNull();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      assertThat(each.toString()).doesNotContain(MinioRecipe.SECRET);
    }
    return failure;
  }

  static List<String> keys(Replica replica) throws IOException {
    List<String> keys = new ArrayList<>();
    try (ObjectListing listing = replica.list("")) {
      while (listing.hasNext()) {
        keys.add(listing.next().key().value());
      }
    }
    return keys;
  }

  static byte[] read(Replica replica, ObjectKey key, long offset) throws IOException {
    try (InputStream in = replica.open(key, offset, Long.MAX_VALUE)) {
      return in.readAllBytes();
    }
  }

  private static List<Attempt> everything(Replica replica) {
    return List.of(
        () -> replica.put(KEY, Body.of(Body.bytes(100))),
        () -> replica.put(KEY, Body.of(Body.bytes(11 << 20))),
        () -> read(replica, KEY, 0),
        () -> keys(replica),
        () -> replica.delete(List.of(KEY)),
        () -> replica.delete(List.of(KEY, OTHER)));
  }

  @Test
  void aWrongSecretIsDeniedWithAdvice() throws Exception {
    try (Replica replica =
        S3Backend.open(
            backend.endpoint(),
            S3Backend.BUCKET,
            place,
            MinioRecipe.USER,
            "not-the-secret",
            null)) {
      for (Attempt attempt : everything(replica)) {
        ReplicaException failure = failure(attempt);
        assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED);
        assertThat(failure)
            .hasMessageContaining("check accessKey and secretKey")
            .hasMessageNotContaining("not-the-secret");
      }
    }
  }

  @Test
  void aMissingBucketIsNamedAndNotMade() throws Exception {
    for (int twice = 0; twice < 2; twice++) {
      try (Replica replica =
          S3Backend.open(
              backend.endpoint(),
              "nobody-made-it",
              place,
              MinioRecipe.USER,
              MinioRecipe.SECRET,
              null)) {
        for (Attempt attempt : everything(replica)) {
          ReplicaException failure = failure(attempt);
          assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.REJECTED);
          assertThat(failure)
              .hasMessageContaining("nobody-made-it")
              .hasMessageContaining("aws s3 mb");
        }
      }
    }
  }

  @Test
  void credentialsThatMayOnlyReadReadOnly() throws Exception {
    assumeTrue(backend.isMinio(), "only MinIO lends keys with a policy");
    try (Replica owner = backend.open(place)) {
      owner.put(KEY, Body.of(Body.bytes(100)));
    }
    Credentials reader = readOnly();
    try (Replica replica =
        S3Backend.open(
            backend.endpoint(),
            S3Backend.BUCKET,
            place,
            reader.accessKey(),
            reader.secretKey(),
            reader.sessionToken())) {
      assertThat(keys(replica)).containsExactly("g/a");
      assertThat(read(replica, KEY, 0)).isEqualTo(Body.bytes(100));
      for (Attempt attempt :
          List.<Attempt>of(
              () -> replica.put(OTHER, Body.of(Body.bytes(100))),
              () -> replica.put(OTHER, Body.of(Body.bytes(11 << 20))),
              () -> replica.delete(List.of(KEY)),
              () -> replica.delete(List.of(KEY, OTHER)))) {
        ReplicaException failure = failure(attempt);
        assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED);
        assertThat(failure).hasMessageContaining("s3:PutObject");
      }
      assertThat(keys(replica)).containsExactly("g/a");
    }
  }

  /** Temporary keys with a policy of their own. */
  private static Credentials readOnly() throws Exception {
    String policy =
        """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
         "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": ["arn:aws:s3:::*"]}]}
        """;
    return new AssumeRoleProvider(
            backend.endpoint(),
            MinioRecipe.USER,
            MinioRecipe.SECRET,
            3600,
            policy,
            "us-east-1",
            null,
            null,
            null,
            null)
        .fetch();
  }

  @Test
  void aServerKilledInTheMiddleOfAnUploadShowsNothing() throws Exception {
    byte[] content = Body.bytes(31 << 20);
    AtomicBoolean killed = new AtomicBoolean();
    try (Replica replica = backend.open(place)) {
      ReplicaException failure =
          failure(
              () ->
                  replica.put(
                      KEY,
                      Body.body(
                          content,
                          20 << 20,
                          () -> {
                            if (killed.compareAndSet(false, true)) {
                              kill();
                            }
                          })));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("g/a");
      backend.server().start();
      assertThat(keys(replica)).isEmpty();
      replica.put(KEY, Body.of(content));
      assertThat(read(replica, KEY, 0)).isEqualTo(content);
    }
  }

  private static void kill() throws IOException {
    try {
      backend.server().kill();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void aReadThatIsCutGoesOnWhereItStopped() throws Exception {
    byte[] content = Body.bytes(31 << 20);
    int had = 5_000_000;
    try (Replica replica = backend.open(place)) {
      replica.put(KEY, Body.of(content));
      try (InputStream in = replica.open(KEY, 0, content.length)) {
        assertThat(in.readNBytes(had)).isEqualTo(java.util.Arrays.copyOf(content, had));
        kill();
        ReplicaException failure = failure(in::readAllBytes);
        assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(failure).hasMessageContaining("read g/a");
      }
      backend.server().start();
      assertThat(read(replica, KEY, had))
          .isEqualTo(java.util.Arrays.copyOfRange(content, had, content.length));
    }
  }

  @Test
  void anUploadWhoseBodyFailsIsAborted() throws Exception {
    try (Replica replica = backend.open(place)) {
      failure(
          () ->
              replica.put(
                  KEY,
                  Body.body(
                      Body.bytes(31 << 20),
                      18 << 20,
                      () -> {
                        throw new IOException("told to fail");
                      })));
      assertThat(keys(replica)).isEmpty();
    }
    try (MinioAsyncClient client = backend.client()) {
      assertThat(
              client
                  .listMultipartUploads(
                      ListMultipartUploadsArgs.builder()
                          .bucket(S3Backend.BUCKET)
                          .prefix(place + "/" + KEY)
                          .build())
                  .get()
                  .result()
                  .uploads())
          .isEmpty();
    }
  }

  @Test
  void eachObjectIsOnePutAndNothingElse() throws Exception {
    Requests before = backend.requests();
    try (Replica replica = backend.open(place)) {
      for (int i = 0; i < 10; i++) {
        replica.put(new ObjectKey("g/" + i), Body.of(Body.bytes(1000 + i)));
      }
      replica.put(KEY, Body.of(Body.bytes(11 << 20)));
    }
    Requests after = backend.requests();
    assertThat(after.puts() - before.puts()).isEqualTo(11);
    assertThat(after.lists() - before.lists()).isZero();
  }
}
