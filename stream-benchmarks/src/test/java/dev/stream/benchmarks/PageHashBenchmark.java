package dev.stream.benchmarks;

import dev.stream.core.checksum.PageHash;
import java.nio.ByteBuffer;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One operation hashes a page of 4 KiB. */
@State(Scope.Thread)
public class PageHashBenchmark {

  private static final int PAGE = 4096;

  private final byte[] page = new byte[PAGE];
  private final byte[] zeros = new byte[PAGE];
  private final ByteBuffer direct = ByteBuffer.allocateDirect(PAGE);

  /** Fills the page. */
  public PageHashBenchmark() {
    new Random(1).nextBytes(page);
    direct.put(page).flip();
  }

  /** A page in an array. */
  @Benchmark
  public long array() {
    return PageHash.of(7, page, 0, PAGE);
  }

  /** A page in a direct buffer. */
  @Benchmark
  public long direct() {
    return PageHash.of(7, direct);
  }

  /** A page of zeros. */
  @Benchmark
  public long zeros() {
    return PageHash.of(7, zeros, 0, PAGE);
  }
}
