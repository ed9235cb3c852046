package dev.stream.core.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.ByteRun;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.retry.Backoff;
import dev.stream.core.retry.Retry;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaArchiveTest {

  private static final GenerationId OLD = new GenerationId("0000019abcdef012-00000001");
  private static final GenerationId NEW = new GenerationId("0000019abcdef013-00000000");
  private static final ObjectKey KEY = ArtefactKeys.snapshot(OLD, 7);

  private final TestReplica replica = new TestReplica();
  private final ReplicaArchive archive =
      new ReplicaArchive(
          replica,
          new Retry(
              new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
              4,
              new Random(3),
              duration -> {}));

  @Test
  void listsByGenerationAndPassesOverWhatIsForeign() throws IOException {
    for (ObjectKey key :
        new ObjectKey[] {
          ArtefactKeys.segment(NEW, 0, 10, 11),
          ArtefactKeys.segment(OLD, 1, 8, 9),
          ArtefactKeys.segment(OLD, 0, 8, 8),
          KEY,
          new ObjectKey("lost.found")
        }) {
      replica.objects.put(key.value(), new byte[3]);
    }
    ArchiveListing listing = archive.list();
    assertThat(listing.generations()).extracting(GenerationListing::id).containsExactly(OLD, NEW);
    assertThat(listing.generations().get(0).segments())
        .extracting(SegmentDescriptor::lastTxId)
        .containsExactly(8L, 9L);
    assertThat(listing.newest()).get().extracting(GenerationListing::id).isEqualTo(NEW);
    assertThat(archive.list(NEW).generations()).hasSize(1);
  }

  @Test
  void aPinIsListedBesideTheArtefactsUntilItIsDeleted() throws IOException {
    replica.objects.put(KEY.value(), new byte[3]);
    replica.objects.put("pins/" + OLD + "/0000000000000007/.hidden", new byte[3]);
    archive.pin("good", OLD, 7, Instant.parse("2026-01-02T03:04:05Z"));
    ArchiveListing listing = archive.list();
    assertThat(listing.generations()).hasSize(1);
    assertThat(listing.pins())
        .singleElement()
        .satisfies(
            pin -> {
              assertThat(pin.name()).isEqualTo("good");
              assertThat(pin.generation()).isEqualTo(OLD);
              assertThat(pin.txId()).isEqualTo(7);
              assertThat(new String(replica.objects.get(pin.key().value()), US_ASCII))
                  .contains("\"pin\": \"good\"", "\"txId\": 7", "2026-01-02T03:04:05Z");
            });
    assertThat(listing.pins("good")).isEqualTo(listing.pins());
    assertThat(listing.pins("bad")).isEmpty();
    assertThat(archive.list(OLD).pins()).isEmpty();
    archive.delete(List.of(listing.pins().get(0).key()));
    assertThat(archive.list().pins()).isEmpty();
    assertThat(archive.list().generations()).hasSize(1);
  }

  @Test
  void aPinOfAnotherFormIsNotStored() {
    assertThatThrownBy(() -> archive.pin(".hidden", OLD, 7, Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(replica.objects).isEmpty();
  }

  @Test
  void storesAFileAndReadsItsRangesBack(@TempDir Path folder) throws IOException {
    byte[] bytes = random(5000);
    Path file = Files.write(folder.resolve("staged"), bytes);
    archive.put(KEY, FileBody.of(file));
    ByteRangeSource source = archive.source(KEY, bytes.length);
    assertThat(source.read(100, 900)).isEqualTo(Arrays.copyOfRange(bytes, 100, 1000));
    assertThatThrownBy(() -> source.read(4999, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aReadThatBreaksResumesWhereItBroke() throws IOException {
    byte[] bytes = random(200_000);
    replica.objects.put(KEY.value(), bytes);
    for (int seed = 0; seed < 50; seed++) {
      replica.flaky = new Random(seed);
      assertThat(archive.source(KEY, bytes.length).read(10, 190_000))
          .isEqualTo(Arrays.copyOfRange(bytes, 10, 190_010));
    }
    assertThat(replica.opens.get()).isGreaterThan(60);
  }

  @Test
  void aRunIsOneRequestHoweverItIsTaken() throws IOException {
    byte[] bytes = random(200_000);
    replica.objects.put(KEY.value(), bytes);
    byte[] read = new byte[190_000];
    try (ByteRun run = archive.source(KEY, bytes.length).run(10, read.length)) {
      assertThat(replica.opens.get()).as("before anything is read").isZero();
      for (int at = 0; at < read.length; at += 1900) {
        run.read(read, at, 1900);
      }
      assertThatThrownBy(() -> run.read(read, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, 10, 190_010));
    assertThat(replica.opens.get()).isEqualTo(1);
  }

  @Test
  void aRunThatBreaksGoesOnWhereItBroke() throws IOException {
    byte[] bytes = random(200_000);
    replica.objects.put(KEY.value(), bytes);
    for (int seed = 0; seed < 50; seed++) {
      replica.flaky = new Random(seed);
      byte[] read = new byte[190_000];
      try (ByteRun run = archive.source(KEY, bytes.length).run(10, read.length)) {
        for (int at = 0; at < read.length; at += 1900) {
          run.read(read, at, 1900);
        }
      }
      assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, 10, 190_010));
    }
    assertThat(replica.opens.get()).isGreaterThan(60);
  }

  @Test
  void aRunPastTheEndOfWhatIsThereSaysWhereThatIs() throws IOException {
    replica.objects.put(KEY.value(), random(1000));
    try (ByteRun run = archive.source(KEY, 2000).run(0, 2000)) {
      run.read(new byte[1000], 0, 1000);
      assertThatThrownBy(() -> run.read(new byte[1], 0, 1))
          .hasMessageContaining("ends at byte 1000, though 2000 bytes are listed");
    }
  }

  @Test
  void anObjectThatVanishedMidWayIsNamed() {
    replica.objects.put(KEY.value(), random(200_000));
    replica.flaky = new Random(1);
    int[] opens = {0};
    replica.beforeOpen =
        () -> {
          if (++opens[0] == 2) {
            replica.objects.remove(KEY.value());
          }
        };
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                archive.source(KEY, 200_000).read(0, 200_000);
              }
            })
        .hasMessageContaining(KEY.value())
        .hasMessageContaining("gone");
  }

  @Test
  void anObjectThatIsShorterThanListedIsNamed() {
    replica.objects.put(KEY.value(), random(100));
    assertThatThrownBy(() -> archive.source(KEY, 150).read(0, 150))
        .hasMessageContaining("ends at byte 100")
        .hasMessageContaining("150");
  }

  @Test
  void aReplicaThatStaysDownIsGivenUpAfterTheAttempts() {
    replica.readsUntilDown = 0;
    assertThatThrownBy(() -> archive.source(KEY, 150).read(0, 150))
        .hasMessageContaining("cannot be reached");
    assertThat(replica.opens.get()).isEqualTo(4);
    assertThatThrownBy(archive::list).hasMessageContaining("cannot be reached");
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
