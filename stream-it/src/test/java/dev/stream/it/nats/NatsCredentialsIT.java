package dev.stream.it.nats;

import static dev.stream.it.nats.Places.BUCKET;
import static dev.stream.it.nats.Places.assertRefused;
import static dev.stream.it.nats.Places.put;
import static dev.stream.it.nats.Places.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.Shipped;
import dev.stream.it.server.Certificates;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import dev.stream.replica.nats.NatsReplicaConfig;
import io.nats.client.NKey;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The other ways to say who we are, and TLS. */
@Timeout(120)
final class NatsCredentialsIT {

  private static final byte[] CONTENT = Bodies.bytes(1, 1000);

  @TempDir Path folder;

  private static String url(RunningServer server) {
    return NatsBackend.url(server.address(NatsRecipe.CLIENTS));
  }

  private static void make(Options.Builder options) throws Exception {
    Admin.make(options, NatsBackend.bucket(BUCKET));
  }

  private static void assertWorks(Replica replica) throws Exception {
    put(replica, "g/a", CONTENT);
    assertThat(read(replica, "g/a")).isEqualTo(CONTENT);
  }

  @Test
  void aTokenLetsInAndAWrongOneDoesNot() throws Exception {
    String token = "token-of-stream-43";
    String settings = "authorization {token: \"" + token + "\"}\n";
    try (RunningServer server = Servers.start(NatsRecipe.of(settings))) {
      make(Options.builder().server(url(server)).token(token.toCharArray()));
      try (Replica replica = Places.withToken(url(server), token);
          Replica wrong = Places.withToken(url(server), "token-of-nobody")) {
        assertWorks(replica);
        assertThat(assertRefused(Reason.ACCESS_DENIED, () -> read(wrong, "g/a")))
            .message()
            .doesNotContain("token-of-nobody");
      }
    }
  }

  /** However long one would wait for an answer. */
  @Test
  void aRefusalIsToldAtOnce() throws Exception {
    try (RunningServer server = Servers.start(NatsRecipe.users());
        Replica replica =
            Places.open(
                new NatsReplicaConfig(
                    url(server),
                    BUCKET,
                    null,
                    null,
                    null,
                    null,
                    null,
                    NatsRecipe.USER,
                    "pw-of-nobody",
                    null,
                    null,
                    null,
                    Duration.ofMinutes(10)))) {
      for (int i = 0; i < 3; i++) {
        assertThat(assertRefused(Reason.ACCESS_DENIED, () -> read(replica, "g/a")))
            .message()
            .contains("refuses our credentials")
            .doesNotContain("TimeoutException")
            .doesNotContain("pw-of-nobody");
      }
    }
  }

  /** The rights that REPLICAS.md lists are all that is needed. */
  @Test
  void aUserWithTheDocumentedRightsDoesAllThatAReplicaDoes() throws Exception {
    String allowed =
        documentedRights().stream()
            .map(right -> "\"" + right.replace("BUCKET", BUCKET) + "\"")
            .collect(Collectors.joining(", "));
    String settings =
        """
        authorization {
          users: [
            {user: "admin", password: "admin-49"}
            {user: "%s", password: "%s", permissions: {
              publish: {allow: [%s]}
              subscribe: {allow: ["_INBOX.>"]}
            }}
          ]
        }
        """
            .formatted(NatsRecipe.USER, NatsRecipe.PASSWORD, allowed);
    try (RunningServer server = Servers.start(NatsRecipe.of(settings))) {
      make(
          Options.builder()
              .server(url(server))
              .userInfo("admin".toCharArray(), "admin-49".toCharArray()));
      try (Replica replica = Places.asFullUser(url(server))) {
        assertWorks(replica);
        put(replica, "g/a", CONTENT);
        replica.create(Places.key("g/b"), Bodies.of(CONTENT));
        assertThat(Places.keys(replica)).containsExactly("g/a", "g/b");
        assertThat(read(replica, "g/b", 10, 20)).hasSize(20);
        replica.delete(List.of(Places.key("g/a"), Places.key("g/b")));
        assertThat(Places.keys(replica)).isEmpty();
      }
    }
  }

  private static List<String> documentedRights() throws Exception {
    String page = Files.readString(Shipped.PROJECT.resolve("docs/REPLICAS.md"));
    int begin = page.indexOf("```", page.indexOf("A user of NATS needs"));
    String block = page.substring(begin + 3, page.indexOf("```", begin + 3));
    List<String> rights = block.lines().map(String::strip).filter(l -> l.startsWith("$")).toList();
    assertThat(rights).hasSizeGreaterThan(5);
    return rights;
  }

  @Test
  void anNkeyLetsInAndAnotherDoesNot() throws Exception {
    NKey key = NKey.createUser(new SecureRandom());
    NKey other = NKey.createUser(new SecureRandom());
    Path seed = Files.writeString(folder.resolve("seed"), new String(key.getSeed()) + "\n");
    Path wrong = Files.writeString(folder.resolve("wrong"), new String(other.getSeed()));
    String settings =
        "authorization {users: [{nkey: \"" + new String(key.getPublicKey()) + "\"}]}\n";
    try (RunningServer server = Servers.start(NatsRecipe.of(settings))) {
      make(
          Options.builder()
              .server(url(server))
              .authHandler(Nats.staticCredentials(null, key.getSeed())));
      try (Replica replica = Places.withNkey(url(server), seed);
          Replica refused = Places.withNkey(url(server), wrong)) {
        assertWorks(replica);
        assertThat(assertRefused(Reason.ACCESS_DENIED, () -> read(refused, "g/a")))
            .message()
            .doesNotContain(new String(other.getSeed()));
      }
    }
  }

  @Test
  void credentialsOfAnOperatorLetInAndThoseOfAnotherDoNot() throws Exception {
    NatsOperator operator = NatsOperator.create();
    Path creds = Files.writeString(folder.resolve("creds"), operator.userCredentials());
    Path wrong =
        Files.writeString(folder.resolve("wrong"), NatsOperator.create().userCredentials());
    try (RunningServer server = Servers.start(NatsRecipe.of(operator.settings()))) {
      make(Options.builder().server(url(server)).authHandler(Nats.credentials(creds.toString())));
      try (Replica replica = Places.withCreds(url(server), creds);
          Replica refused = Places.withCreds(url(server), wrong)) {
        assertWorks(replica);
        assertRefused(Reason.ACCESS_DENIED, () -> read(refused, "g/a"));
      }
    }
  }

  @Test
  void filesThatAreNotThereOrNotWhatTheyShouldBeAreNamed() throws Exception {
    Path missing = folder.resolve("missing");
    Path other = Files.writeString(folder.resolve("other"), "SUNOT-A-SEED-AT-ALL\n");
    String nobody = "nats://127.0.0.1:1";
    for (Path file : new Path[] {missing, other}) {
      try (Replica creds = Places.withCreds(nobody, file);
          Replica nkey = Places.withNkey(nobody, file);
          Replica tls = Places.trusting(nobody, file)) {
        assertThat(assertRefused(Reason.REJECTED, () -> read(creds, "g/a")))
            .hasMessageStartingWith("creds: ")
            .hasMessageContaining(file.toString())
            .message()
            .doesNotContain("NOT-A-SEED");
        assertThat(assertRefused(Reason.REJECTED, () -> read(nkey, "g/a")))
            .hasMessageStartingWith("nkey: ")
            .hasMessageContaining(file.toString());
        assertThat(assertRefused(Reason.REJECTED, () -> read(tls, "g/a")))
            .hasMessageStartingWith("rootCAs: ")
            .hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void anUnknownAuthorityIsRefusedAndOneNamedInRootCAsIsTrusted() throws Exception {
    Certificates ours = Certificates.create();
    Path authority = Files.writeString(folder.resolve("ca.pem"), ours.authority());
    try (RunningServer server = Servers.start(tls(ours))) {
      String tls = url(server).replace("nats://", "tls://");
      try (Replica wary = Places.asFullUser(tls);
          Replica trusting = Places.trusting(tls, authority);
          Replica plain = Places.trusting(url(server), authority)) {
        assertThat(assertRefused(Reason.REJECTED, () -> put(wary, "g/a", CONTENT)))
            .hasMessageContaining("rootCAs");
        make(NatsBackend.options(server).sslContext(ours.trust()));
        assertWorks(trusting);
        assertThat(read(plain, "g/a")).isEqualTo(CONTENT);
      }
    }
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() throws Exception {
    Certificates other = Certificates.createFor("elsewhere.example.com");
    Path authority = Files.writeString(folder.resolve("ca.pem"), other.authority());
    try (RunningServer server = Servers.start(tls(other));
        Replica replica = Places.trusting(url(server), authority)) {
      assertThat(assertRefused(Reason.REJECTED, () -> put(replica, "g/a", CONTENT)))
          .hasMessageContaining("host");
    }
  }

  private static NatsRecipe tls(Certificates certificates) throws Exception {
    return NatsRecipe.of(
            NatsRecipe.users().settings()
                + "tls {cert_file: \"@cert.pem@\", key_file: \"@key.pem@\", timeout: 5}\n")
        .with(Map.of("cert.pem", certificates.certificate(), "key.pem", certificates.key()));
  }
}
