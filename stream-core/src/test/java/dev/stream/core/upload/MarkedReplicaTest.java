package dev.stream.core.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.state.GenerationId;
import dev.stream.core.upload.WrittenGeneration.Claim;
import dev.stream.testkit.replica.MemoryReplica;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A place that is not what it was. */
final class MarkedReplicaTest {

  private static final ObjectKey SOME = new ObjectKey("a/b");

  @TempDir Path folder;
  private ShadowDirectory shadow;
  private final MemoryReplica store = MemoryReplica.create();
  private long nanos;

  @BeforeEach
  void open() throws IOException {
    shadow = ShadowDirectory.open(folder.resolve("s"));
  }

  @AfterEach
  void close() throws IOException {
    shadow.close();
  }

  private MarkedReplica marked(MemoryReplica replica) {
    return new MarkedReplica(replica.another(), "r0", shadow, true, () -> nanos);
  }

  private static void put(MarkedReplica replica) throws IOException {
    replica.put(SOME, ObjectBody.of(new byte[3]));
  }

  private static boolean isEmpty(MarkedReplica replica) throws IOException {
    try (ObjectListing listing = replica.list("")) {
      return !listing.hasNext();
    }
  }

  private static void refused(MarkedReplica replica, String why) {
    assertThatThrownBy(() -> isEmpty(replica))
        .isInstanceOf(ReplicaException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("accept-replica-r0")
        .extracting(e -> ((ReplicaException) e).reason())
        .isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void lookingAtAPlaceLeavesNothingAndTheFirstObjectMarksIt() throws IOException {
    MarkedReplica replica = marked(store);
    assertThat(isEmpty(replica)).isTrue();
    assertThat(isEmpty(replica)).isTrue();
    put(replica);
    try (ObjectListing listing = store.list("")) {
      assertThat(listing.next().key()).isEqualTo(SOME);
      assertThat(listing.next().key()).isEqualTo(MarkedReplica.KEY);
    }
    assertThat(isEmpty(marked(store))).as("after a restart").isFalse();
  }

  @Test
  void aPlaceThatWasEmptiedIsNeverTakenForOneThatHoldsNothing() throws IOException {
    put(marked(store));
    store.delete(List.of(SOME, MarkedReplica.KEY));
    MarkedReplica replica = marked(store);
    refused(replica, "has no longer the mark");
    assertThatThrownBy(() -> put(replica)).hasMessageContaining("not mounted");
    Files.createFile(shadow.root().resolve("accept-replica-r0"));
    assertThat(isEmpty(replica)).as("once it is accepted").isTrue();
    put(replica);
    assertThat(isEmpty(replica)).isFalse();
    assertThat(shadow.root().resolve("accept-replica-r0")).doesNotExist();
  }

  @Test
  void whatComesBackIsUsedAgainWithoutBeingAsked() throws IOException {
    MarkedReplica replica = marked(store);
    put(replica);
    byte[] mark;
    try (var stream = store.open(MarkedReplica.KEY, 0, 1000)) {
      mark = stream.readAllBytes();
    }
    store.delete(List.of(MarkedReplica.KEY));
    refused(replica, "has no longer the mark");
    store.put(MarkedReplica.KEY, ObjectBody.of(mark));
    put(replica);
  }

  @Test
  void anotherPlaceUnderTheSameNameIsNotTheReplica() throws IOException {
    put(marked(store));
    String other = "{\"stream\": \"replica\", \"id\": \"" + UUID.randomUUID() + "\"}";
    store.put(MarkedReplica.KEY, ObjectBody.of(other.getBytes(StandardCharsets.UTF_8)));
    MarkedReplica replica = marked(store);
    refused(replica, "is another place than before");
  }

  @Test
  void whileObjectsAreStoredItIsLookedAtNowAndThen() throws IOException {
    MarkedReplica replica = marked(store);
    put(replica);
    store.delete(List.of(MarkedReplica.KEY));
    put(replica);
    assertThat(replica.isLookDue()).isFalse();
    nanos += TimeUnit.MINUTES.toNanos(1);
    assertThat(replica.isLookDue()).as("when idle, too").isTrue();
    assertThatThrownBy(() -> put(replica)).hasMessageContaining("has no longer the mark");
  }

  @Test
  void whatWasReplicatedBeforeThereWereMarksGetsOne() throws IOException {
    store.put(SOME, ObjectBody.of(new byte[3]));
    MarkedReplica replica = marked(store);
    assertThat(isEmpty(replica)).isFalse();
    put(replica);
    assertThat(shadow.root().resolve("replicas/r0")).isRegularFile();
  }

  @Test
  void whoReadsThatItIsStillWrittenThereHasLooked() throws IOException {
    MarkedReplica replica = marked(store);
    GenerationId mine = new GenerationId("0000000000000001-00000000");
    put(replica);
    assertThat(WrittenGeneration.claim(replica, mine, Instant.EPOCH)).isEqualTo(Claim.TAKEN);
    nanos += TimeUnit.MINUTES.toNanos(2);
    assertThat(replica.isLookDue()).isTrue();
    assertThat(WrittenGeneration.isStill(replica, mine)).isTrue();
    assertThat(replica.isLookDue()).as("one request is enough").isFalse();
    nanos += TimeUnit.MINUTES.toNanos(2);
    GenerationId other = new GenerationId("0000000000000002-00000000");
    assertThat(WrittenGeneration.isStill(replica, other)).isFalse();
    assertThat(replica.isLookDue()).as("another's may be in another place").isTrue();
  }
}
