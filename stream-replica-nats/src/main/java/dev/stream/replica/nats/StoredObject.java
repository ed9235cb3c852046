package dev.stream.replica.nats;

import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.ObjectInfo;
import io.nats.client.api.ObjectMeta;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the message says that makes an object visible.
 *
 * @param position that message's sequence number in the stream
 * @param runs where the bytes are, if the object was stored by a replica
 */
record StoredObject(
    String name,
    String nuid,
    long size,
    long chunks,
    boolean deleted,
    boolean link,
    Instant modifiedAt,
    long position,
    @Nullable ChunkRuns runs) {

  /** The key in the object's metadata under which its nuid and the runs of its chunks stand. */
  private static final String RUNS = "stream-chunks";

  static StoredObject of(MessageInfo message) throws IOException {
    try {
      return of(new ObjectInfo(message), message.getSeq());
    } catch (RuntimeException e) {
      throw unreadable(message.getSubject(), e);
    }
  }

  static StoredObject of(Message message) throws IOException {
    try {
      return of(new ObjectInfo(message), message.metaData().streamSequence());
    } catch (RuntimeException e) {
      throw unreadable(message.getSubject(), e);
    }
  }

  private static IOException unreadable(@Nullable String subject, RuntimeException cause) {
    return new IOException("the message on " + subject + " describes no object", cause);
  }

  private static StoredObject of(ObjectInfo info, long position) {
    String nuid = info.getNuid() == null ? "" : info.getNuid();
    return new StoredObject(
        info.getObjectName(),
        nuid,
        info.getSize(),
        info.getChunks(),
        info.isDeleted(),
        info.isLink(),
        info.getModified() == null ? Instant.EPOCH : info.getModified().toInstant(),
        position,
        runs(info, nuid));
  }

  private static @Nullable ChunkRuns runs(ObjectInfo info, String nuid) {
    String text = info.getMetaData().get(RUNS);
    if (text == null || !text.startsWith(nuid + " ")) {
      return null;
    }
    ChunkRuns runs = ChunkRuns.decode(text.substring(nuid.length() + 1));
    boolean fits =
        runs != null && runs.size() == info.getSize() && runs.chunks() == info.getChunks();
    return fits ? runs : null;
  }

  /**
   * The message that makes an object visible.
   *
   * @param longestRuns how long the runs' text may be; a longer one is left out, so that the object
   *     is read as one from another client
   */
  static byte[] describe(
      String bucket,
      String name,
      String nuid,
      int chunkSize,
      ChunkRuns runs,
      int longestRuns,
      String digest) {
    String text = nuid + " " + runs.encode();
    Map<String, String> metadata = new HashMap<>();
    if (text.length() <= longestRuns) {
      metadata.put(RUNS, text);
    }
    ObjectMeta meta = ObjectMeta.builder(name).metadata(metadata).chunkSize(chunkSize).build();
    return ObjectInfo.builder(bucket, meta)
        .nuid(nuid)
        .size(runs.size())
        .chunks(runs.chunks())
        .digest(digest)
        .build()
        .serialize();
  }
}
