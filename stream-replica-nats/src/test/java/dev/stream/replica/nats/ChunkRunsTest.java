package dev.stream.replica.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.replica.nats.ChunkRuns.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkRunsTest {

  private static ChunkRuns example() {
    ChunkRuns runs = new ChunkRuns();
    for (long position : new long[] {7, 8, 9, 12, 13}) {
      runs.add(position, 100);
    }
    runs.add(14, 1);
    return runs;
  }

  @Test
  void neighboursOfOneLengthAreOneRun() {
    assertThat(example().encode()).isEqualTo("7:100*3,12:100*2,14:1*1");
    assertThat(example().size()).isEqualTo(501);
    assertThat(example().chunks()).isEqualTo(6);
  }

  @Test
  void everyByteIsInItsChunk() {
    ChunkRuns runs = example();
    assertThat(runs.at(0)).isEqualTo(new Chunk(7, 0, 100));
    assertThat(runs.at(99)).isEqualTo(new Chunk(7, 0, 100));
    assertThat(runs.at(100)).isEqualTo(new Chunk(8, 100, 100));
    assertThat(runs.at(299)).isEqualTo(new Chunk(9, 200, 100));
    assertThat(runs.at(300)).isEqualTo(new Chunk(12, 300, 100));
    assertThat(runs.at(499)).isEqualTo(new Chunk(13, 400, 100));
    assertThat(runs.at(500)).isEqualTo(new Chunk(14, 500, 1));
    assertThat(runs.at(501)).isNull();
    assertThat(new ChunkRuns().at(0)).isNull();
  }

  @Test
  void anyChunksAreFoundAgainFromTheText() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ChunkRuns runs = new ChunkRuns();
    List<Chunk> chunks = new ArrayList<>();
    long position = 0;
    long offset = 0;
    for (int i = 0; i < 5000; i++) {
      position += 1 + (random.nextInt(5) == 0 ? random.nextInt(1000) : 0);
      int length = random.nextInt(50) == 0 ? 1 + random.nextInt(1000) : 512;
      runs.add(position, length);
      chunks.add(new Chunk(position, offset, length));
      offset += length;
    }
    ChunkRuns decoded = ChunkRuns.decode(runs.encode());
    assertThat(decoded).as("seed " + seed).isNotNull();
    assertThat(decoded.size()).isEqualTo(offset);
    assertThat(decoded.chunks()).isEqualTo(5000);
    for (Chunk chunk : chunks) {
      assertThat(decoded.at(chunk.offset())).as("seed " + seed).isEqualTo(chunk);
      assertThat(decoded.at(chunk.offset() + chunk.length() - 1)).isEqualTo(chunk);
    }
  }

  @Test
  void noChunksAreNoText() {
    assertThat(new ChunkRuns().encode()).isEmpty();
    assertThat(ChunkRuns.decode("").size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "7:1",
        "x",
        "7:100*3,",
        ",7:100*3",
        "7:0*1",
        "7:1*0",
        "0:1*1",
        "-7:1*1",
        "7:100*3,9:100*1",
        "9:1*1,7:1*1",
        "7:9999999999*1",
        " 7:1*1",
      })
  void otherTextsAreNone(String text) {
    assertThat(ChunkRuns.decode(text)).isNull();
  }
}
