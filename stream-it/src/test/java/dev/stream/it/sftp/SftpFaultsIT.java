package dev.stream.it.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.Tmpfs;
import dev.stream.replica.sftp.HostKeyChecking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with servers, and what is said of it. */
@Timeout(120)
final class SftpFaultsIT {

  private static final AtomicInteger PLACES = new AtomicInteger();
  private static final ObjectKey KEY = new ObjectKey("g/segments/a");

  private static SshdServer sshd;

  @TempDir Path folder;

  private final String place = "faults-" + PLACES.incrementAndGet();

  @BeforeAll
  static void start() throws Exception {
    sshd = SshdServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    sshd.close();
  }

  private Access access() throws Exception {
    return sshd.access(place);
  }

  private static void assumeOwnUsers() {
    assumeTrue(
        sshd.hasOwnUsers(),
        "users with passwords, without rights or in a cage need root, or a Docker daemon");
  }

  private static ReplicaException putFails(Access access, Reason reason) throws IOException {
    try (Replica replica = access.open()) {
      return putFails(replica, Content.of(10), reason);
    }
  }

  private static ReplicaException putFails(Replica replica, Content content, Reason reason) {
    Throwable failure = catchThrowable(() -> replica.put(KEY, content));
    assertThat(failure).isInstanceOf(ReplicaException.class).hasMessageContaining(KEY.value());
    assertThat(((ReplicaException) failure).reason()).as(failure.toString()).isEqualTo(reason);
    return (ReplicaException) failure;
  }

  private static void putWorks(Access access) throws IOException {
    try (Replica replica = access.open()) {
      replica.put(KEY, Content.of(10));
      assertThat(keys(replica)).containsExactly(KEY.value());
    }
  }

  private static List<String> keys(Replica replica) throws IOException {
    List<String> keys = new ArrayList<>();
    try (ObjectListing listing = replica.list("")) {
      while (listing.hasNext()) {
        keys.add(listing.next().key().value());
      }
    }
    return keys;
  }

  @Test
  void aWrongPasswordIsDenied() throws Exception {
    assumeOwnUsers();
    Access access = access();
    access.keyPath = null;
    access.password = "not-the-password";
    ReplicaException failure = putFails(access, Reason.ACCESS_DENIED);
    assertThat(failure)
        .hasMessageContaining("keeper")
        .hasMessageContaining(access.host + ":" + access.port)
        .hasMessageContaining("it offers publickey,")
        .hasMessageNotContaining(access.password);
  }

  @Test
  void aWrongKeyIsDenied() throws Exception {
    Access access = access();
    access.keyPath = Files.write(folder.resolve("other"), TestKey.rsa().privateFile());
    assertThat(putFails(access, Reason.ACCESS_DENIED))
        .hasMessageContaining(access.user)
        .hasMessageContaining(access.keyPath.toString());
  }

  @Test
  void anEncryptedKeyNeedsItsPassphrase() throws Exception {
    Access access = access();
    access.keyPath = folder.resolve("encrypted");
    try (InputStream in = SftpFaultsIT.class.getResourceAsStream("encrypted_key")) {
      Files.copy(in, access.keyPath);
    }
    assertThat(putFails(access, Reason.REJECTED)).hasMessageContaining("set passphrase");
    access.passphrase = "wrong sesame";
    assertThat(putFails(access, Reason.REJECTED))
        .hasMessageContaining(access.keyPath.toString())
        .hasMessageNotContaining(access.passphrase);
    access.passphrase = "open sesame";
    // Opened, and shown to the server, which does not know it.
    assertThat(putFails(access, Reason.ACCESS_DENIED)).hasMessageContaining(access.user);
  }

  @Test
  void anUnknownHostIsRefusedUntilItIsKnown() throws Exception {
    Access access = access();
    access.hostKeyFingerprint = null;
    access.knownHosts = folder.resolve("known_hosts");
    ReplicaException refusal = putFails(access, Reason.REJECTED);
    assertThat(refusal).hasMessageContaining("SHA256:");
    String message = refusal.getMessage();
    int begin = message.indexOf("the line '") + "the line '".length();
    Files.writeString(access.knownHosts, message.substring(begin, message.indexOf('\'', begin)));
    putWorks(access);
  }

  @Test
  void aChangedHostKeyMayBeAnAttack() throws Exception {
    Access access = access();
    access.hostKeyFingerprint = null;
    access.knownHosts =
        Files.writeString(
            folder.resolve("known_hosts"),
            "[" + access.host + "]:" + access.port + " " + TestKey.ecdsa().publicLine() + "\n");
    assertThat(putFails(access, Reason.ACCESS_DENIED))
        .hasMessageContaining("attack")
        .hasMessageContaining(sshd.hostKey.fingerprint());
  }

  @Test
  void anyOfTheServersKeysMayBePinned() throws Exception {
    Access access = access();
    access.hostKeyFingerprint = sshd.secondHostKey.fingerprint();
    putWorks(access);
    access.hostKeyFingerprint = TestKey.rsa().fingerprint();
    assertThat(putFails(access, Reason.ACCESS_DENIED)).hasMessageContaining("attack");
  }

  @Test
  void toAcceptAnyHostKeyIsWarnedOf() throws Exception {
    Access access = access();
    access.hostKeyFingerprint = null;
    access.hostKeyChecking = HostKeyChecking.INSECURE_ACCEPT_ANY;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      putWorks(access);
    } finally {
      System.setErr(err);
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("WARN", "the server's key is not checked", access.path);
  }

  @Test
  void aReadOnlyUserIsDeniedToWriteAndMayRead() throws Exception {
    assumeOwnUsers();
    putWorks(access());
    Access access = access();
    access.user = "reader";
    assertThat(putFails(access, Reason.ACCESS_DENIED)).hasMessageContaining(access.path);
    try (Replica replica = access.open()) {
      Throwable failure = catchThrowable(() -> replica.delete(List.of(KEY)));
      assertThat(failure).isInstanceOf(ReplicaException.class).hasMessageContaining(KEY.value());
      assertThat(((ReplicaException) failure).reason()).isEqualTo(Reason.ACCESS_DENIED);
      assertThat(keys(replica)).containsExactly(KEY.value());
      try (InputStream in = replica.open(KEY, 0, 10)) {
        assertThat(in.readAllBytes()).isEqualTo(Content.of(10).bytes());
      }
    }
  }

  @Test
  void aPlaceThatDoesNotExistIsEmptyAndMadeByTheFirstPut() throws Exception {
    Access access = access();
    access.path += "/not/there/yet";
    try (Replica replica = access.open()) {
      assertThat(keys(replica)).isEmpty();
      replica.delete(List.of(KEY));
      assertThat(catchThrowable(() -> replica.open(KEY, 0, 1)))
          .isInstanceOfSatisfying(
              ReplicaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
      replica.put(KEY, Content.of(10));
      assertThat(keys(replica)).containsExactly(KEY.value());
    }
  }

  @Test
  void aPlaceThatVanishedIsAConflictOnce() throws Exception {
    Access access = access();
    try (Replica replica = access.open();
        Replica other = access.open()) {
      replica.put(KEY, Content.of(10));
      other.delete(List.of(KEY));
      assertThat(putFails(replica, Content.of(10), Reason.CONFLICT))
          .hasMessageContaining("vanished");
      replica.put(KEY, Content.of(10));
      assertThat(keys(replica)).containsExactly(KEY.value());
    }
  }

  @Test
  void aUserInACageStoresInIt() throws Exception {
    assumeOwnUsers();
    Access access = access();
    access.user = "caged";
    access.keyPath = null;
    access.password = SshdRecipe.PASSWORD;
    access.path = "/store/db/" + place;
    putWorks(access);
    access.path = "/elsewhere";
    assertThat(putFails(access, Reason.ACCESS_DENIED)).hasMessageContaining("/elsewhere");
  }

  @Test
  void aFullDiskIsSaidAndLeavesNothing() throws Exception {
    assumeTrue(Tmpfs.possible(), "only root may mount a small disk");
    try (SshdServer small = SshdServer.start(16 << 20);
        Replica replica = small.access(place).open()) {
      assertThat(putFails(replica, Content.of(24 << 20), Reason.UNAVAILABLE))
          .hasMessageContaining("no space left");
      assertThat(keys(replica)).isEmpty();
      // Only if nothing was left behind.
      replica.put(KEY, Content.of(12 << 20));
      assertThat(keys(replica)).containsExactly(KEY.value());
    }
  }

  @Test
  void aServerKilledWithinAnUploadShowsNothingOfItAndTheRestIsRemoved() throws Exception {
    Access access = access();
    try (Replica replica = access.open()) {
      putFails(replica, Content.of(8 << 20, sshd.server::kill), Reason.UNAVAILABLE);
      sshd.server.start();
      try (PlainClient plain = new PlainClient(sshd)) {
        assertThat(plain.names(access.path)).singleElement().asString().startsWith(".stream~");
      }
      assertThat(keys(replica)).isEmpty();
      replica.put(KEY, Content.of(100));
      try (PlainClient plain = new PlainClient(sshd)) {
        assertThat(plain.names(access.path)).containsExactly("g");
      }
    } finally {
      restartIfKilled();
    }
  }

  private static void restartIfKilled() throws Exception {
    try (PlainClient plain = new PlainClient(sshd)) {
      plain.names(sshd.home);
    } catch (IOException e) {
      sshd.server.start();
    }
  }

  @Test
  void whatOthersLeftIsRemovedWhenItIsOld() throws Exception {
    Access access = access();
    putWorks(access);
    try (PlainClient plain = new PlainClient(sshd)) {
      plain.create(access.path + "/.stream~dead-1", Instant.now().minus(Duration.ofHours(2)));
      plain.create(access.path + "/.stream~alive-1", Instant.now());
      putWorks(access);
      assertThat(plain.names(access.path)).containsExactly(".stream~alive-1", "g");
    }
  }

  @Test
  void aServerThatCameBackIsUsedAtOnce() throws Exception {
    try (Replica replica = access().open()) {
      replica.put(KEY, Content.of(10));
      sshd.server.kill();
      sshd.server.start();
      replica.put(KEY, Content.of(20));
      sshd.server.kill();
      sshd.server.start();
      assertThat(keys(replica)).containsExactly(KEY.value());
    } finally {
      restartIfKilled();
    }
  }

  @Test
  void aPortWithoutServerIsUnavailable() throws Exception {
    Access access = access();
    try (ServerSocket taken = new ServerSocket(0)) {
      access.port = taken.getLocalPort();
    }
    assertThat(putFails(access, Reason.UNAVAILABLE)).hasMessageContaining(access.host);
    access.host = "no-such-host.invalid";
    assertThat(putFails(access, Reason.UNAVAILABLE)).hasMessageContaining(access.host);
  }

  @Test
  void aServerThatFallsSilentIsGivenUpAfterTheTimeout() throws Exception {
    Access access = access();
    access.timeout = Duration.ofSeconds(3);
    try (Replica replica = access.open()) {
      replica.put(KEY, Content.of(10));
      sshd.server.pause();
      try {
        assertGivenUp(() -> putFails(replica, Content.of(10), Reason.UNAVAILABLE));
        assertGivenUp(() -> putFails(replica, Content.of(10), Reason.UNAVAILABLE));
      } finally {
        sshd.server.resume();
      }
      Content content = Content.of(64 << 20, sshd.server::pause);
      try {
        assertGivenUp(() -> putFails(replica, content, Reason.UNAVAILABLE));
      } finally {
        sshd.server.resume();
      }
      replica.put(KEY, Content.of(10));
      assertThat(keys(replica)).containsExactly(KEY.value());
    }
  }

  /** Three seconds, and some for a slow machine. */
  private static void assertGivenUp(Runnable attempt) {
    long begin = System.nanoTime();
    attempt.run();
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
  }
}
