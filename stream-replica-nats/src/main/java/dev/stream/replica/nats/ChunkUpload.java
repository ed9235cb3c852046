package dev.stream.replica.nats;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ExactBody;
import io.nats.client.Message;
import io.nats.client.NUID;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Stores the bytes of one object, many chunks at a time under way. For one thread. */
final class ChunkUpload {

  /** Enough for 300 MB/s at 50 ms, and little enough for a small heap. */
  private static final int MOST_BYTES_UNDER_WAY = 16 << 20;

  /** Divides the ranges that a restore reads. */
  private static final int CHUNK_BYTES = 256 << 10;

  /** Some ten thousand runs, when many uploads at once take turns in the stream. */
  private static final int LONGEST_RUNS = 256 << 10;

  /** What a message takes besides its bytes. */
  private static final int OVERHEAD_BYTES = 8 << 10;

  private final NatsBucket bucket;
  private final String doing;
  private final String nuid = NUID.nextGlobal();
  private final int chunkSize;
  private final MessageDigest digest = sha256();
  private final ChunkRuns runs = new ChunkRuns();
  private final Deque<Sent> underWay = new ArrayDeque<>();
  private long lastPosition;

  /** A chunk that is not known to be stored. */
  private record Sent(CompletableFuture<Message> answer, int length) {}

  ChunkUpload(NatsBucket bucket, String doing) throws IOException {
    this.bucket = bucket;
    this.doing = doing;
    long room = bucket.link().maxPayload(doing) - OVERHEAD_BYTES;
    this.chunkSize = (int) Math.max(1024, Math.min(CHUNK_BYTES, room));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  boolean isEmpty() {
    return runs.size() == 0;
  }

  /** The message that makes the object visible. */
  byte[] describe(String object) throws IOException {
    int longestRuns = (int) Math.min(LONGEST_RUNS, bucket.link().maxPayload(doing) / 2);
    // The text has the form that NATS's object store gives it.
    String sum = "SHA-256=" + Base64.getUrlEncoder().encodeToString(digest.digest());
    return StoredObject.describe(bucket.name(), object, nuid, chunkSize, runs, longestRuns, sum);
  }

  /** Stores the body. On return every chunk is stored. */
  void run(ObjectKey key, ObjectBody body) throws IOException {
    try (ExactBody content = ExactBody.open(key.value(), body)) {
      for (long left = body.size(); left > 0; ) {
        byte[] chunk = new byte[(int) Math.min(chunkSize, left)];
        left -= content.readNBytes(chunk, 0, chunk.length);
        send(chunk);
      }
    }
    while (!underWay.isEmpty()) {
      awaitOldest();
    }
  }

  private void send(byte[] bytes) throws IOException {
    digest.update(bytes);
    if ((underWay.size() + 1L) * chunkSize > MOST_BYTES_UNDER_WAY) {
      awaitOldest();
    }
    underWay.add(new Sent(bucket.publishChunk(doing, nuid, bytes), bytes.length));
  }

  private void awaitOldest() throws IOException {
    Sent oldest = underWay.remove();
    long position = bucket.stored(doing, oldest.answer());
    if (position <= lastPosition) {
      throw bucket.failures().of(Reason.UNAVAILABLE, doing, "the server mixed up its chunks");
    }
    lastPosition = position;
    runs.add(position, oldest.length());
  }

  /** Removes what was stored, as far as that is possible; the rest is removed another day. */
  void abandon() {
    try {
      // A chunk that is stored after the purge would stay.
      for (Sent sent : underWay) {
        bucket.stored(doing, sent.answer());
      }
    } catch (IOException e) {
      underWay.forEach(sent -> sent.answer().cancel(false));
    }
    try {
      bucket.purged(doing, bucket.askToPurgeChunks(doing, nuid));
    } catch (IOException e) {
      // What made the upload fail is the thing to report.
    }
  }
}
