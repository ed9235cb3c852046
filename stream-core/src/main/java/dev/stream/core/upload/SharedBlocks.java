package dev.stream.core.upload;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The packed blocks that replicas were given last, so that several that take a snapshot at the same
 * time have it packed once for all. Whoever is behind is given what the first has had made, and so
 * comes closer to it as long as its store takes it; who is too far behind has blocks made for
 * itself. Holds 4 MiB at most. Thread-safe.
 */
final class SharedBlocks {

  /** Of 256 KiB at most each. */
  private static final int MOST = 16;

  private final Map<Integer, FutureTask<byte[]>> blocks = new LinkedHashMap<>();

  /**
   * A block that another has had made, or makes now; else it is made here.
   *
   * @throws IOException as {@code make}, if that is called here
   */
  ByteBuffer block(int number, Callable<ByteBuffer> make) throws IOException {
    FutureTask<byte[]> own = new FutureTask<>(() -> copy(make.call()));
    FutureTask<byte[]> found;
    synchronized (blocks) {
      found = blocks.putIfAbsent(number, own);
      while (blocks.size() > MOST) {
        blocks.remove(blocks.keySet().iterator().next());
      }
    }
    if (found != null) {
      byte[] shared = await(found);
      if (shared != null) {
        return ByteBuffer.wrap(shared).asReadOnlyBuffer();
      }
      // The other's attempt failed, which need not be so here.
    }
    own.run();
    try {
      return ByteBuffer.wrap(result(own)).asReadOnlyBuffer();
    } catch (IOException e) {
      synchronized (blocks) {
        boolean ignored = blocks.remove(number, own);
      }
      throw e;
    }
  }

  private static byte[] copy(ByteBuffer block) {
    byte[] bytes = new byte[block.remaining()];
    block.get(bytes);
    return bytes;
  }

  /** What another has made; null if it failed. */
  private static byte @Nullable [] await(FutureTask<byte[]> other) throws IOException {
    try {
      return other.get();
    } catch (ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a block of a snapshot was made");
    }
  }

  private static byte[] result(FutureTask<byte[]> own) throws IOException {
    try {
      return own.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      if (e.getCause() instanceof Error fault) {
        throw fault;
      }
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a block of a snapshot was made");
    }
  }
}
