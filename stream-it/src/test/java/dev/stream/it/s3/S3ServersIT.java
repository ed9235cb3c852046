package dev.stream.it.s3;

import static dev.stream.it.s3.S3FaultsIT.failure;
import static dev.stream.it.s3.S3FaultsIT.keys;
import static dev.stream.it.s3.S3FaultsIT.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.Await;
import dev.stream.it.server.Certificates;
import dev.stream.it.server.RunningServer;
import dev.stream.replica.s3.S3ReplicaConfig;
import dev.stream.replica.s3.S3ReplicaProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers and environments that are particular. */
class S3ServersIT {

  /** From what MinIO keeps beside its metadata to what is sent in parts. */
  private static final List<Integer> SIZES =
      List.of(3 << 20, 12 << 20, 200_000, 50_000, 500_000, 1_000_000, 6 << 20);

  @TempDir Path folder;

  /**
   * MinIO keeps a reserve by its own count of free bytes, which lags behind. Objects of several
   * sizes meet it in all its ways to say so, and those in which the disk itself says it.
   */
  @Test
  void aFullDiskIsUnavailableUntilThereIsRoomAgain() throws Exception {
    try (S3Backend backend =
            S3Backend.start(new MinioRecipe(OptionalLong.of(40L << 20), Map.of()));
        Replica replica = backend.open("full")) {
      Map<String, byte[]> stored = new TreeMap<>();
      int refused = 0;
      for (int i = 100; refused < 30; i++) {
        byte[] content = Body.bytes(SIZES.get(i % SIZES.size()));
        if (isStored(replica, "g/" + i, content)) {
          stored.put("g/" + i, content);
        } else {
          refused++;
        }
      }
      assertThat(stored).isNotEmpty();
      assertThat(keys(replica)).containsExactlyElementsOf(stored.keySet());
      for (Map.Entry<String, byte[]> each : stored.entrySet()) {
        assertThat(read(replica, new ObjectKey(each.getKey()), 0)).isEqualTo(each.getValue());
      }
      replica.delete(stored.keySet().stream().map(ObjectKey::new).toList());
      byte[] content = Body.bytes(SIZES.get(0));
      Await.until("room again, which MinIO notices late", () -> isStored(replica, "g/z", content));
      assertThat(keys(replica)).containsExactly("g/z");
    }
  }

  private static boolean isStored(Replica replica, String key, byte[] content) throws Exception {
    try {
      replica.put(new ObjectKey(key), Body.of(content));
      return true;
    } catch (ReplicaException e) {
      assertThat(e.reason()).as(e.getMessage()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(e).hasMessageContaining("make room");
      return false;
    }
  }

  @Test
  void anUnknownAuthorityIsRefusedUntilItIsNamed() throws Exception {
    Certificates certificates = Certificates.create();
    Path authority = Files.writeString(folder.resolve("ca.pem"), certificates.authority());
    try (RunningServer server = Minio.start(MinioRecipe.encrypted(certificates))) {
      String address = S3Backend.hostAndPort(server.address(MinioRecipe.PORT));
      try (Replica replica = open(address, null)) {
        ReplicaException failure = failure(() -> keys(replica));
        assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
        assertThat(failure).hasMessageContaining("caFile").hasMessageContaining(address);
      }
      try (Replica replica = open(address, authority)) {
        // Nobody has made the bucket, which only the server can know.
        assertThat(failure(() -> keys(replica))).hasMessageContaining("there is no bucket");
      }
      try (Replica replica = open("http://" + address, null)) {
        assertThat(failure(() -> keys(replica))).hasMessageContaining("https");
      }
    }
    assertThat(failure(() -> open("127.0.0.1:1", folder.resolve("none.pem"))))
        .hasMessageStartingWith("caFile ");
  }

  private static Replica open(String endpoint, Path authority) throws Exception {
    return new S3ReplicaProvider()
        .open(
            new S3ReplicaConfig(
                endpoint,
                null,
                S3Backend.BUCKET,
                null,
                MinioRecipe.USER,
                MinioRecipe.SECRET,
                null,
                null,
                null,
                authority,
                null,
                null,
                null,
                null,
                null));
  }

  @Test
  void keysComeFromTheEnvironmentOrItsProfileFile() throws Exception {
    Path profiles = folder.resolve("credentials");
    Files.writeString(
        profiles,
        "[backup]\naws_access_key_id = "
            + MinioRecipe.USER
            + "\naws_secret_access_key = "
            + MinioRecipe.SECRET
            + "\n");
    try (S3Backend backend = S3Backend.start();
        Replica replica = backend.open("place")) {
      for (Map<String, String> environment :
          List.of(
              Map.of(
                  "AWS_ACCESS_KEY_ID", MinioRecipe.USER,
                  "AWS_SECRET_ACCESS_KEY", MinioRecipe.SECRET),
              Map.of(
                  "AWS_SHARED_CREDENTIALS_FILE", profiles.toString(), "AWS_PROFILE", "backup"))) {
        assertThat(store(backend, environment)).isEqualTo("stored");
        assertThat(keys(replica)).containsExactly("g/a");
        replica.delete(List.of(new ObjectKey("g/a")));
      }
      assertThat(store(backend, Map.of("AWS_EC2_METADATA_DISABLED", "true")))
          .startsWith("ACCESS_DENIED no credentials; looked for");
      assertThat(keys(replica)).isEmpty();
    }
  }

  /** What a process of its own says, in this environment and no home. */
  private String store(S3Backend backend, Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Duser.home=" + folder,
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            EnvironmentKeysMain.class.getName(),
            backend.endpoint(),
            "place");
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }
}
