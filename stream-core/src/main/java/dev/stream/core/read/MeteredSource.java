package dev.stream.core.read;

import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.ByteRun;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A source that counts what it fetches, and answers from memory if it was loaded whole. Safe for
 * use by several threads.
 */
final class MeteredSource implements ByteRangeSource {

  private final ByteRangeSource source;
  private final FetchMeter meter;
  private volatile byte @Nullable [] whole;

  MeteredSource(ByteRangeSource source, FetchMeter meter) {
    this.source = source;
    this.meter = meter;
  }

  /** Fetches all of it in one request and keeps it. */
  void loadWhole() throws IOException {
    whole = read(0, Math.toIntExact(size()));
  }

  /** Whether it can be read without a request. */
  boolean isWhole() {
    return whole != null;
  }

  @Override
  public long size() {
    return source.size();
  }

  @Override
  public byte[] read(long offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, (long) length, source.size());
    byte[] held = whole;
    if (held != null) {
      return Arrays.copyOfRange(held, (int) offset, (int) offset + length);
    }
    byte[] bytes = source.read(offset, length);
    meter.request();
    meter.fetched(length);
    return bytes;
  }

  @Override
  public ByteRun run(long offset, long length) throws IOException {
    if (isWhole()) {
      return ByteRangeSource.super.run(offset, length);
    }
    ByteRun run = source.run(offset, length);
    meter.request();
    return new ByteRun() {
      @Override
      public void read(byte[] target, int from, int count) throws IOException {
        run.read(target, from, count);
        meter.fetched(count);
      }

      @Override
      public void close() {
        run.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
