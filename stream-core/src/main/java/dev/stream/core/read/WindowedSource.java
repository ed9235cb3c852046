package dev.stream.core.read;

import dev.stream.core.artefact.ByteRangeSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A source that answers from windows fetched ahead, so that many neighbouring blocks cost one
 * request. Windows of one source must not overlap. Safe for use by several threads.
 */
final class WindowedSource implements ByteRangeSource {

  private final ByteRangeSource source;
  private final FetchMeter meter;
  private final ConcurrentSkipListMap<Long, byte[]> windows = new ConcurrentSkipListMap<>();

  WindowedSource(ByteRangeSource source, FetchMeter meter) {
    this.source = source;
    this.meter = meter;
  }

  /** Fetches a range in one request and keeps it until it is dropped. */
  void load(long offset, int length) throws IOException {
    windows.put(offset, fetch(offset, length));
  }

  /** Lets go of the range that was loaded from this offset on. */
  void drop(long offset) {
    windows.remove(offset);
  }

  /** Whether the range can be read without a request. */
  boolean holds(long offset, long length) {
    Map.Entry<Long, byte[]> window = windows.floorEntry(offset);
    return window != null && offset + length <= window.getKey() + window.getValue().length;
  }

  @Override
  public long size() {
    return source.size();
  }

  @Override
  public byte[] read(long offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, (long) length, source.size());
    Map.Entry<Long, byte[]> window = windows.floorEntry(offset);
    if (window != null) {
      long from = offset - window.getKey();
      byte[] bytes = window.getValue();
      if (from + length <= bytes.length) {
        return Arrays.copyOfRange(bytes, (int) from, (int) from + length);
      }
    }
    return fetch(offset, length);
  }

  private byte[] fetch(long offset, int length) throws IOException {
    byte[] bytes = source.read(offset, length);
    meter.request(length);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
