package dev.stream.core.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.stream.api.codec.Codec;
import dev.stream.core.artefact.ArtefactException.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bit and every length of a small artefact is accounted for. */
final class ArtefactFuzzTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"snapshot none", "snapshot deflate", "segment none", "segment deflate"})
  void everyFlippedBitIsDetected(String which) throws IOException {
    byte[] artefact = artefact(which);
    for (int bit = 0; bit < artefact.length * 8; bit++) {
      byte[] flipped = artefact.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertDetected(flipped, "bit " + bit);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot none", "snapshot deflate", "segment none", "segment deflate"})
  void everyTruncationIsDetected(String which) throws IOException {
    byte[] artefact = artefact(which);
    for (int length = 0; length < artefact.length; length++) {
      Problem problem = assertDetected(Arrays.copyOf(artefact, length), "length " + length);
      assertThat(problem).as("length %d", length).isEqualTo(Problem.TRUNCATED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot none", "segment deflate"})
  void everyMissingBeginningIsDetected(String which) throws IOException {
    byte[] artefact = artefact(which);
    for (int from = 1; from < artefact.length; from++) {
      assertDetected(Arrays.copyOfRange(artefact, from, artefact.length), "from " + from);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshot none", "segment deflate"})
  void everyRemovedOrRepeatedOrInsertedByteIsDetected(String which) throws IOException {
    byte[] artefact = artefact(which);
    for (int at = 0; at < artefact.length; at++) {
      byte[] removed = Arrays.copyOf(artefact, artefact.length - 1);
      System.arraycopy(artefact, at + 1, removed, at, removed.length - at);
      assertDetected(removed, "removed " + at);
      byte[] repeated = Arrays.copyOf(artefact, artefact.length + 1);
      System.arraycopy(artefact, at, repeated, at + 1, artefact.length - at);
      assertDetected(repeated, "repeated " + at);
      repeated[at] = 0;
      assertDetected(repeated, "inserted " + at);
    }
  }

  @Test
  void appendedBytesAreDetected() throws IOException {
    byte[] artefact = artefact("segment none");
    Random random = Artefacts.random("appended");
    for (int more = 1; more <= 200; more++) {
      byte[] zeros = Arrays.copyOf(artefact, artefact.length + more);
      assertDetected(zeros, more + " zeros");
      byte[] noise = new byte[more];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, zeros, artefact.length, more);
      assertDetected(zeros, more + " bytes");
    }
    byte[] twice = Arrays.copyOf(artefact, artefact.length * 2);
    System.arraycopy(artefact, 0, twice, artefact.length, artefact.length);
    assertThat(assertDetected(twice, "twice")).isEqualTo(Problem.CORRUPT);
  }

  @Test
  void partsOfTwoArtefactsDoNotMakeOne() throws IOException {
    byte[] one = artefact("segment none");
    byte[] other = artefact("segment none", 2);
    assertThat(other).hasSameSizeAs(one).isNotEqualTo(one);
    int first = firstDifference(one, other);
    for (int cut = 1; cut < one.length; cut++) {
      byte[] mixed = other.clone();
      System.arraycopy(one, 0, mixed, 0, cut);
      if (Arrays.equals(mixed, one) || cut <= first) {
        continue;
      }
      assertDetected(mixed, "cut at " + cut);
    }
  }

  @Test
  void randomDamageIsDetected() throws IOException {
    Random random = Artefacts.random("damage");
    List<byte[]> artefacts = List.of(artefact("snapshot deflate"), artefact("segment none"));
    for (int round = 0; round < Artefacts.rounds(2_000, 200_000); round++) {
      byte[] intact = artefacts.get(random.nextInt(artefacts.size()));
      byte[] damaged = intact.clone();
      int from = random.nextInt(damaged.length);
      int to = Math.min(damaged.length, from + 1 + random.nextInt(64));
      for (int at = from; at < to; at++) {
        damaged[at] = (byte) random.nextInt(256);
      }
      if (!Arrays.equals(damaged, intact)) {
        assertDetected(damaged, "round " + round);
      }
    }
  }

  @Test
  void forgedIndexesAreRefusedOrReadWithoutHarm() throws IOException {
    Random random = Artefacts.random("forged index");
    byte[] artefact = artefact("segment deflate");
    Forgery intact = Forgery.of(artefact);
    for (int round = 0; round < Artefacts.rounds(5_000, 500_000); round++) {
      byte[] index = intact.index().clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        index[random.nextInt(index.length)] =
            random.nextBoolean() ? (byte) -1 : (byte) random.nextInt(256);
      }
      assertHarmless(intact.withIndex(index).encode());
    }
  }

  @Test
  void forgedHeadersAreRefusedOrReadWithoutHarm() throws IOException {
    Random random = Artefacts.random("forged header");
    byte[] artefact = artefact("snapshot deflate");
    Forgery intact = Forgery.of(artefact);
    for (int round = 0; round < Artefacts.rounds(5_000, 500_000); round++) {
      byte[] json = intact.json().clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        json[random.nextInt(json.length)] =
            (byte)
                (random.nextBoolean()
                    ? "0123456789-\"{}[],:".charAt(random.nextInt(18))
                    : random.nextInt(256));
      }
      assertHarmless(intact.withJson(json).encode());
    }
  }

  @Test
  void forgedFootersAreRefused() throws IOException {
    byte[] artefact = artefact("segment none");
    long[] hostile = {
      -1, 0, 1, 13, Integer.MAX_VALUE, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE
    };
    for (int field = 0; field < 7; field++) {
      for (long value : hostile) {
        byte[] forged = Forgery.footerField(artefact, field, value);
        if (!Arrays.equals(forged, artefact)) {
          assertDetected(forged, "field " + field + " = " + value);
        }
      }
    }
  }

  private byte[] artefact(String which) throws IOException {
    return artefact(which, 1);
  }

  private byte[] artefact(String which, long seed) throws IOException {
    Codec codec = which.endsWith("none") ? Artefacts.NONE : Artefacts.DEFLATE;
    Random random = new Random(seed);
    return which.startsWith("snapshot")
        ? Artefacts.bytes(
            folder, Artefacts.snapshot(512, 3, codec), Artefacts.pages(512, random, 1, 3), codec)
        : Artefacts.bytes(
            folder,
            Artefacts.segment(512, 2, 1000, codec),
            Artefacts.pages(512, random, 7, 900),
            codec);
  }

  private static Problem assertDetected(byte[] damaged, String how) throws IOException {
    try {
      Artefacts.read(damaged);
    } catch (ArtefactException e) {
      return e.problem();
    } catch (RuntimeException e) {
      throw new AssertionError(how + ": unchecked", e);
    }
    return fail(how + " was not detected");
  }

  private static void assertHarmless(byte[] forged) throws IOException {
    try (ArtefactReader reader = Artefacts.open(forged)) {
      assertThat(reader.maxRawLength()).isLessThanOrEqualTo(ArtefactFormat.MAX_BLOCK_LENGTH);
      Artefacts.read(reader);
    } catch (ArtefactException e) {
      assertThat(e.problem()).isIn(Problem.CORRUPT, Problem.UNKNOWN_CODEC);
    }
  }

  private static int firstDifference(byte[] one, byte[] other) {
    return Arrays.mismatch(one, other);
  }

  @Test
  void aSourceShorterThanItSaysIsTruncated() throws IOException {
    byte[] artefact = artefact("segment none");

    assertThatThrownBy(
            () ->
                ArtefactReader.open(
                    new Artefacts.Bytes(artefact, artefact.length + 10), "short", Artefacts::find))
        .isInstanceOfSatisfying(
            ArtefactException.class, e -> assertThat(e.problem()).isEqualTo(Problem.TRUNCATED));
  }
}
