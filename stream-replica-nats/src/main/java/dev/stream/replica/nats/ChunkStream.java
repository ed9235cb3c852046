package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.RangeStream;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A range of an object: asks for its chunks by their positions, some ahead of the reader. */
final class ChunkStream extends RangeStream {

  /** How far ahead of its reader every stream may ask. */
  private static final long LEAST_AHEAD = 2 << 20;

  private final NatsBucket bucket;
  private final String doing;
  private final String subject;
  private final boolean direct;
  private final ChunkRuns runs;
  private final long begin;
  private final long end;

  private final Deque<Asked> ahead = new ArrayDeque<>();
  private long askedUpTo;
  private long bytesAhead;

  private byte[] current = new byte[0];
  private int position;

  /** A chunk that is to come. */
  private record Asked(ChunkRuns.Chunk chunk, int charged, CompletableFuture<Message> answer) {}

  /** A chunk is not where it should be: removed, or never there. */
  static final class ChunkMissing extends IOException {
    private static final long serialVersionUID = 1L;

    ChunkMissing(String message) {
      super(message);
    }
  }

  /** Asks for the first chunks; {@link #begin} waits for them. */
  ChunkStream(
      NatsBucket bucket, String doing, String nuid, ChunkRuns runs, long offset, long length)
      throws IOException {
    super(Math.min(length, runs.size() - offset));
    this.bucket = bucket;
    this.doing = doing;
    this.subject = bucket.subjects().chunks(nuid);
    this.direct = bucket.traits(doing).direct();
    this.runs = runs;
    this.begin = offset;
    this.askedUpTo = offset;
    this.end = length > runs.size() - offset ? runs.size() : offset + length;
    askAhead();
  }

  /**
   * Waits until its first chunk is there; closes it if that fails.
   *
   * @throws ChunkMissing if it is not where it should be
   */
  ChunkStream begin() throws IOException {
    try {
      advance(begin);
      return this;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  protected int readSome(byte[] target, int offset, int length) throws IOException {
    if (position == current.length && !advance(-1)) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, target, offset, count);
    position += count;
    return count;
  }

  @Override
  protected IOException typed(IOException failure) {
    String why = ": the object was replaced or removed while it was read, or is damaged";
    return failure instanceof ChunkMissing
        ? bucket.failures().of(Reason.CONFLICT, doing, failure.getMessage() + why)
        : failure;
  }

  /** Goes on to the next chunk, from an offset of the object or its start; false at the end. */
  private boolean advance(long from) throws IOException {
    askAhead();
    Asked next = ahead.poll();
    if (next == null) {
      return false;
    }
    bytesAhead -= next.chunk().length();
    bucket.readAhead().release(next.charged());
    current = bytes(next);
    position = from < 0 ? 0 : (int) (from - next.chunk().offset());
    return true;
  }

  private void askAhead() throws IOException {
    while (askedUpTo < end) {
      ChunkRuns.Chunk chunk = runs.at(askedUpTo);
      if (chunk == null) {
        return;
      }
      int charged = bytesAhead < LEAST_AHEAD ? 0 : chunk.length();
      if (!bucket.readAhead().tryAcquire(charged)) {
        return;
      }
      ahead.add(new Asked(chunk, charged, ask(chunk, charged)));
      askedUpTo = chunk.offset() + chunk.length();
      bytesAhead += chunk.length();
    }
  }

  private CompletableFuture<Message> ask(ChunkRuns.Chunk chunk, int charged) throws IOException {
    String from = direct ? bucket.subjects().directGet() : bucket.subjects().get();
    try {
      return bucket.link().send(doing, from, null, request(chunk));
    } catch (IOException | RuntimeException e) {
      bucket.readAhead().release(charged);
      throw e;
    }
  }

  private static byte[] request(ChunkRuns.Chunk chunk) {
    return ("{\"seq\":" + chunk.position() + "}").getBytes(StandardCharsets.UTF_8);
  }

  private byte[] bytes(Asked asked) throws IOException {
    ChunkRuns.Chunk chunk = asked.chunk();
    MessageInfo message = null;
    if (direct) {
      Message answer = bucket.link().await(doing, asked.answer());
      if (!answer.isStatusMessage()) {
        message = new MessageInfo(answer, bucket.subjects().stream(), true);
      }
    }
    if (message == null) {
      // A copy of the stream that lags does not have the chunk yet. The leader knows whether it is
      // there.
      message =
          bucket.message(
              doing,
              direct
                  ? bucket.link().send(doing, bucket.subjects().get(), null, request(chunk))
                  : asked.answer());
    }
    return checked(chunk, message);
  }

  private byte[] checked(ChunkRuns.Chunk chunk, @Nullable MessageInfo message) throws ChunkMissing {
    byte[] data = message == null ? null : message.getData();
    if (message == null
        || data == null
        || !subject.equals(message.getSubject())
        || message.getSeq() != chunk.position()
        || data.length != chunk.length()) {
      throw new ChunkMissing("its bytes from " + chunk.offset() + " on are gone");
    }
    return data;
  }

  @Override
  protected void release() {
    for (Asked asked : ahead) {
      bucket.readAhead().release(asked.charged());
      boolean unused = asked.answer().cancel(false);
    }
    ahead.clear();
  }
}
