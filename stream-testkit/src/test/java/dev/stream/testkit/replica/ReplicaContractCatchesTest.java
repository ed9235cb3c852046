package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.LookaheadListing;
import dev.stream.testkit.ContractRun;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The contract notices each fault that a careless backend would have. */
final class ReplicaContractCatchesTest {

  @Test
  void aTornPutThatIsVisible() {
    assertThat(ContractRun.failures(Torn.class))
        .containsKeys(
            "aBodyThatFailsLeavesNothing",
            "aBodyShorterThanAnnouncedLeavesNothing",
            "anObjectUnderWayIsInvisible",
            "anObjectUnderReplacementIsTheFormerOne");
  }

  @Test
  void aListingOutOfOrder() {
    assertThat(ContractRun.failures(Unordered.class)).containsKeys("keysAscendByTheirCharacters");
  }

  @Test
  void aListingThatIsLate() {
    assertThat(ContractRun.failures(Stale.class))
        .containsKeys("everyPutIsListedAsSoonAsItReturns", "instancesOverOneStoreSeeEachOther");
  }

  @Test
  void aListingThatEndsAfterItsFirstThousand() {
    assertThat(ContractRun.failures(OnePage.class))
        .containsOnlyKeys("manyObjectsAreListedInOrderAndDeletedAtOnce");
  }

  @Test
  void aPrefixTakenAsAFolder() {
    assertThat(ContractRun.failures(FolderPrefix.class)).containsKeys("aPrefixIsAPlainString");
  }

  @Test
  void aDeleteThatDoesNothing() {
    assertThat(ContractRun.failures(SwallowedDelete.class))
        .containsKeys(
            "aDeletedObjectIsGoneAndItsNeighboursAreNot",
            "manyObjectsAreListedInOrderAndDeletedAtOnce");
  }

  @Test
  void aDeleteThatMissesWhatIsAbsent() {
    assertThat(ContractRun.failures(StrictDelete.class))
        .containsKeys("absentObjectsCountAsRemoved", "aDeleteMayBeRepeatedAndNameAnObjectTwice");
  }

  @Test
  void aRangeThatIsOneOff() {
    assertThat(ContractRun.failures(WrongRange.class))
        .containsOnlyKeys("aRangeYieldsExactlyItsBytes");
  }

  @Test
  void anAbsentObjectThatIsEmpty() {
    assertThat(ContractRun.failures(NeverAbsent.class)).containsKeys("whatIsNotThereIsNotFound");
  }

  @Test
  void anOutageThatLooksLikeAnEmptyStore() {
    assertThat(ContractRun.failures(SilentOutage.class))
        .containsOnlyKeys("anOutageIsReportedAndSurvived");
  }

  @Test
  void aSizeThatIsNotChecked() {
    assertThat(ContractRun.failures(AnySize.class))
        .containsKeys(
            "aBodyShorterThanAnnouncedLeavesNothing", "aBodyLongerThanAnnouncedLeavesNothing");
  }

  @Test
  void aNameThatShowsASecret() {
    assertThat(ContractRun.failures(Telltale.class))
        .containsOnlyKeys("theNameIsStableAndShowsNoSecret");
  }

  @Test
  void aCreationThatReplacesOrOnlySaysThatItCreated() {
    assertThat(ContractRun.failures(Replacing.class))
        .containsKeys("anObjectThatIsThereIsNotCreated", "whatWasDeletedIsCreatedAgain");
    assertThat(ContractRun.failures(EverybodyWins.class))
        .containsKeys(
            "anObjectThatIsThereIsNotCreated", "ofSeveralThatCreateAnObjectExactlyOneDoes");
  }

  /** A contract over a replica that changes what a sound one does. */
  abstract static class Broken extends ReplicaContract {
    final MemoryReplica store = MemoryReplica.create();

    @Override
    protected final Replica open() {
      return new Careless(store.another(), this);
    }

    @Override
    protected long largeObjectSize() {
      return 1 << 20;
    }

    ObjectInfo put(Replica sound, ObjectKey key, ObjectBody body) throws IOException {
      return sound.put(key, body);
    }

    ObjectInfo create(Replica sound, ObjectKey key, ObjectBody body) throws IOException {
      return sound.create(key, body);
    }

    InputStream open(Replica sound, ObjectKey key, long offset, long length) throws IOException {
      return sound.open(key, offset, length);
    }

    List<ObjectInfo> list(List<ObjectInfo> found, String prefix) {
      return found;
    }

    void delete(Replica sound, Collection<ObjectKey> keys) throws IOException {
      sound.delete(keys);
    }

    String name(Replica sound) {
      return sound.name();
    }
  }

  private record Careless(Replica sound, Broken how) implements Replica {
    @Override
    public String name() {
      return how.name(sound);
    }

    @Override
    public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
      return how.put(sound, key, body);
    }

    @Override
    public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
      return how.create(sound, key, body);
    }

    @Override
    public boolean createsExclusively() {
      return true;
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) throws IOException {
      return how.open(sound, key, offset, length);
    }

    @Override
    public ObjectListing list(String prefix) throws IOException {
      List<ObjectInfo> found = new ArrayList<>();
      try (ObjectListing listing = sound.list(how instanceof FolderPrefix ? "" : prefix)) {
        while (listing.hasNext()) {
          found.add(listing.next());
        }
      }
      return LookaheadListing.of(new ArrayList<>(how.list(found, prefix)).iterator());
    }

    @Override
    public void delete(Collection<ObjectKey> keys) throws IOException {
      how.delete(sound, keys);
    }

    @Override
    public void close() throws IOException {
      sound.close();
    }
  }

  static final class Torn extends Broken {
    @Override
    ObjectInfo put(Replica sound, ObjectKey key, ObjectBody body) throws IOException {
      byte[] content = new byte[0];
      ObjectInfo info;
      try (InputStream in = body.open()) {
        while (true) {
          info = sound.put(key, TestBody.of(content));
          byte[] more = in.readNBytes(8192);
          if (more.length == 0) {
            break;
          }
          int length = content.length;
          content = Arrays.copyOf(content, length + more.length);
          System.arraycopy(more, 0, content, length, more.length);
        }
      }
      if (content.length != body.size()) {
        throw new ReplicaException(Reason.REJECTED, "wrong size of " + key);
      }
      return info;
    }
  }

  static final class Unordered extends Broken {
    @Override
    List<ObjectInfo> list(List<ObjectInfo> found, String prefix) {
      // As a walk through folders yields them.
      found.sort(
          Comparator.comparing(info -> Arrays.asList(info.key().value().split("/")).toString()));
      return found;
    }
  }

  static final class Stale extends Broken {
    private final AtomicInteger listings = new AtomicInteger();
    private List<ObjectInfo> former = List.of();

    @Override
    synchronized List<ObjectInfo> list(List<ObjectInfo> found, String prefix) {
      List<ObjectInfo> shown =
          listings.incrementAndGet() % 2 == 1
              ? former.stream().filter(i -> i.key().value().startsWith(prefix)).toList()
              : found;
      former = found;
      return shown;
    }
  }

  static final class OnePage extends Broken {
    @Override
    List<ObjectInfo> list(List<ObjectInfo> found, String prefix) {
      return found.subList(0, Math.min(1000, found.size()));
    }
  }

  static final class FolderPrefix extends Broken {
    @Override
    List<ObjectInfo> list(List<ObjectInfo> found, String prefix) {
      String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
      found.removeIf(info -> !(info.key().value() + "/").startsWith(folder));
      return found;
    }
  }

  static final class SwallowedDelete extends Broken {
    @Override
    void delete(Replica sound, Collection<ObjectKey> keys) {}
  }

  static final class StrictDelete extends Broken {
    @Override
    void delete(Replica sound, Collection<ObjectKey> keys) throws IOException {
      for (ObjectKey key : keys) {
        sound.open(key, 0, 1).close();
        sound.delete(List.of(key));
      }
    }
  }

  static final class WrongRange extends Broken {
    @Override
    InputStream open(Replica sound, ObjectKey key, long offset, long length) throws IOException {
      return sound.open(key, offset, offset == 0 || length == 1 ? length : length - 1);
    }
  }

  static final class NeverAbsent extends Broken {
    @Override
    InputStream open(Replica sound, ObjectKey key, long offset, long length) throws IOException {
      try {
        return sound.open(key, offset, length);
      } catch (ReplicaException e) {
        return InputStream.nullInputStream();
      }
    }
  }

  static final class AnySize extends Broken {
    @Override
    ObjectInfo put(Replica sound, ObjectKey key, ObjectBody body) throws IOException {
      try (InputStream in = body.open()) {
        return sound.put(key, TestBody.of(in.readAllBytes()));
      }
    }
  }

  static final class Replacing extends Broken {
    @Override
    ObjectInfo create(Replica sound, ObjectKey key, ObjectBody body) throws IOException {
      return sound.put(key, body);
    }
  }

  static final class EverybodyWins extends Broken {
    @Override
    ObjectInfo create(Replica sound, ObjectKey key, ObjectBody body) throws IOException {
      try {
        return sound.create(key, body);
      } catch (ReplicaException e) {
        return new ObjectInfo(key, body.size(), java.time.Instant.EPOCH);
      }
    }
  }

  static final class Telltale extends Broken {
    @Override
    String name(Replica sound) {
      return "store:user:hunter2@host";
    }

    @Override
    protected List<String> secrets() {
      return List.of("hunter2");
    }
  }

  static final class SilentOutage extends Broken {
    private boolean out;

    @Override
    protected java.util.Optional<Outage> outage() {
      return java.util.Optional.of(
          new Outage() {
            @Override
            public void begin() {
              out = true;
            }

            @Override
            public void end() {
              out = false;
            }
          });
    }

    @Override
    ObjectInfo put(Replica sound, ObjectKey key, ObjectBody body) throws IOException {
      refuse(key);
      return sound.put(key, body);
    }

    @Override
    InputStream open(Replica sound, ObjectKey key, long offset, long length) throws IOException {
      refuse(key);
      return sound.open(key, offset, length);
    }

    @Override
    List<ObjectInfo> list(List<ObjectInfo> found, String prefix) {
      return out ? List.of() : found;
    }

    @Override
    void delete(Replica sound, Collection<ObjectKey> keys) throws IOException {
      for (ObjectKey key : keys) {
        refuse(key);
      }
      sound.delete(keys);
    }

    private void refuse(ObjectKey key) throws ReplicaException {
      if (out) {
        throw new ReplicaException(Reason.UNAVAILABLE, "out of order: " + key);
      }
    }
  }
}
