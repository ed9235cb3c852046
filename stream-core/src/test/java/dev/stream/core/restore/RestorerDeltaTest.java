package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.Seeds;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.plugin.CodecLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that take from an old copy what still is the same. */
class RestorerDeltaTest {

  private static final int PAGE = 1024;

  @TempDir Path folder;

  @Test
  void whateverTheOldCopyIsTheResultIsExact() throws IOException {
    for (int round = 0; round < Seeds.rounds(12, 500); round++) {
      Random random = Seeds.random("delta", round);
      PageHistory history = history(random, 2000 + random.nextInt(2000));
      TestReplica replica = stored(history, random);
      Path target = folder.resolve("app.db");
      byte[] old = old(history, random);
      Files.write(target, old);
      RestoreState state = delta(target, replica, new Packing()).build().restore();
      assertThat(Arrays.equals(Files.readAllBytes(target), newest(history)))
          .as(Seeds.where(round))
          .isTrue();
      assertThat(state.bytesReused() == 0).isEqualTo(state.blocksReused() == 0);
    }
  }

  @Test
  void ofTheSameStateHardlyAnythingIsFetched() throws IOException {
    for (@Nullable Integer level : new Integer[] {null, 1, 9}) {
      PageHistory history = history(new Random(7), 3000);
      history.compressionLevel = level;
      history.codec = new Deflating(Objects.requireNonNullElse(level, 5));
      TestReplica replica = new TestReplica();
      history.snapshot(replica, 1);
      long stored = replica.objects.firstEntry().getValue().length;
      Path target = folder.resolve("app.db");
      Files.write(target, history.states.get(1L));
      RestoreState state = delta(target, replica, new Packing()).build().restore();
      assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(1L));
      assertThat(state.blocksReused()).isEqualTo(12);
      assertThat(state.bytesFetched()).isLessThan(stored / 5);
      assertThat(state.bytesReused()).isGreaterThan(stored / 5 * 4);
    }
  }

  @Test
  void onlyBlocksThatDifferAreFetched() throws IOException {
    PageHistory history = history(new Random(8), 8000);
    TestReplica replica = new TestReplica();
    history.snapshot(replica, 1);
    byte[] old = history.states.get(1L).clone();
    old[3000 * PAGE + 17] ^= 1; // in a block that shrinks
    old[1600 * PAGE + 1000] ^= 4; // in one that does not
    Path target = folder.resolve("app.db");
    Files.write(target, old);
    RestoreState state = delta(target, replica, new Packing()).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(1L));
    assertThat(state.blocksReused()).isEqualTo(32 - 2);
  }

  @Test
  void aCodecThatPacksInAnotherWayCostsFetchingOnly() throws IOException {
    PageHistory history = history(new Random(9), 2000);
    TestReplica replica = new TestReplica();
    history.snapshot(replica, 1);
    Path target = folder.resolve("app.db");
    Files.write(target, history.states.get(1L));
    CodecLookup other =
        new Packing() {
          @Override
          public Codec find(String name, CodecSettings settings) {
            return new Deflating(0);
          }
        };
    RestoreState state = delta(target, replica, other).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(1L));
    // What does not shrink is stored as it is, whatever the codec.
    assertThat(state.blocksReused()).isLessThan(8);
    Files.write(target, history.states.get(1L));
    CodecLookup readsOnly = name -> new Deflating(3);
    assertThat(delta(target, replica, readsOnly).build().restore().blocksReused()).isZero();
  }

  @Test
  void withoutAnOldCopyEverythingIsFetched() throws IOException {
    PageHistory history = history(new Random(10), 800);
    TestReplica replica = new TestReplica();
    history.snapshot(replica, 1);
    Path target = folder.resolve("app.db");
    RestoreState state = delta(target, replica, new Packing()).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(history.states.get(1L));
    assertThat(state.blocksReused()).isZero();
  }

  @Test
  void theOldCopyOutlivesAFailure() throws IOException {
    PageHistory history = history(new Random(11), 4000);
    TestReplica replica = stored(history, new Random(11));
    Path target = folder.resolve("app.db");
    byte[] old = history.states.get(1L).clone();
    Arrays.fill(old, 2_000_000, 2_600_000, (byte) 3);
    Files.write(target, old);
    replica.readsUntilDown = 4;
    assertThatThrownBy(() -> delta(target, replica, new Packing()).build().restore())
        .isInstanceOf(RestoreException.class);
    assertThat(Files.readAllBytes(target)).isEqualTo(old);
    assertThat(folder.toFile().list()).containsExactly("app.db");
  }

  private RestorerBuilder delta(Path target, TestReplica replica, CodecLookup codecs) {
    return Restorer.builder(target, codecs)
        .replica("one", replica)
        .retry(RestoreFixture.IMPATIENT)
        .parallelism(3)
        .force(true)
        .reuse(target);
  }

  private static byte[] newest(PageHistory history) {
    return history.states.lastEntry().getValue();
  }

  /** Half of it shrinks when packed, half does not. */
  private static PageHistory history(Random random, int pages) {
    PageHistory history = new PageHistory(Listings.NEW, PAGE, random).begin(1, pages);
    byte[] bytes = history.states.get(1L);
    for (int at = 0; at < bytes.length; at += 2 * PAGE * 300) {
      Arrays.fill(bytes, at, Math.min(bytes.length, at + PAGE * 300), (byte) at);
      for (int i = at; i < Math.min(bytes.length, at + PAGE * 300); i += 97) {
        bytes[i] = (byte) random.nextInt();
      }
    }
    history.codec = new Deflating(5);
    history.compressionLevel = 5;
    return history;
  }

  private static TestReplica stored(PageHistory history, Random random) throws IOException {
    TestReplica replica = new TestReplica();
    history.commit(8);
    history.snapshot(replica, 1);
    history.snapshot(replica, 4);
    for (long tx = 2; tx <= 9; tx++) {
      history.segment(replica, 0, tx, tx);
    }
    if (random.nextBoolean()) {
      history.segment(replica, 1, 5, 9);
    }
    return replica;
  }

  private static byte[] old(PageHistory history, Random random) {
    byte[] old = history.states.get(1L + random.nextInt(9)).clone();
    switch (random.nextInt(6)) {
      case 0 -> random.nextBytes(old);
      case 1 -> old = Arrays.copyOf(old, random.nextInt(old.length + 1));
      case 2 -> old = Arrays.copyOf(old, old.length + random.nextInt(100_000));
      case 3 -> {
        for (int i = 0; i < 20 && old.length > 0; i++) {
          old[random.nextInt(old.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 4 -> {
        if (old.length > 3 * PAGE) {
          System.arraycopy(old, 0, old, PAGE, old.length - PAGE); // everything moved by a page
        }
      }
      default -> {}
    }
    return old;
  }

  /** Packs at the level that was asked for. */
  private static class Packing implements CodecLookup {

    @Override
    public Codec find(String name) {
      return new Deflating(5);
    }

    @Override
    public @Nullable Codec find(String name, CodecSettings settings) throws IOException {
      return new Deflating(Objects.requireNonNullElse(settings.level(), 5));
    }
  }

  private static final class Deflating implements Codec {

    private final int level;

    Deflating(int level) {
      this.level = level;
    }

    @Override
    public String name() {
      return "deflate";
    }

    @Override
    public String description() {
      return "deflate of the JDK, level " + level;
    }

    @Override
    public int maxCompressedLength(int length) {
      return length + length / 8 + 64;
    }

    @Override
    public int compress(byte[] source, int offset, int length, byte[] target, int targetOffset) {
      Deflater deflater = new Deflater(level);
      deflater.setInput(source, offset, length);
      deflater.finish();
      int packed = deflater.deflate(target, targetOffset, target.length - targetOffset);
      deflater.end();
      return packed;
    }

    @Override
    public void decompress(
        byte[] source, int offset, int length, byte[] target, int targetOffset, int targetLength)
        throws IOException {
      Inflater inflater = new Inflater();
      try {
        inflater.setInput(source, offset, length);
        if (inflater.inflate(target, targetOffset, targetLength) != targetLength) {
          throw new IOException("damaged");
        }
      } catch (DataFormatException e) {
        throw new IOException("damaged", e);
      } finally {
        inflater.end();
      }
    }
  }
}
