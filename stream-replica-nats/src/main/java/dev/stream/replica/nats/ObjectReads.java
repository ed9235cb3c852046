package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.nats.ChunkStream.ChunkMissing;
import io.nats.client.Message;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the chunks of the objects to read. Thread-safe. */
final class ObjectReads {

  /** Where a server tells the size of a message whose content it leaves out. */
  private static final String SIZE = "Nats-Msg-Size";

  /** Tries to find an object that is replaced again and again. */
  private static final int MOST_LOOKS = 5;

  private final NatsBucket bucket;
  private final NatsFailures failures;
  private volatile @Nullable Found last;

  /** An object, and where its chunks were. */
  private record Found(StoredObject object, ChunkRuns runs) {

    boolean isStill(@Nullable StoredObject now) {
      return now != null && now.position() == object.position() && now.nuid().equals(object.nuid());
    }
  }

  ObjectReads(NatsBucket bucket) {
    this.bucket = bucket;
    this.failures = bucket.failures();
  }

  InputStream open(String doing, String name, long offset, long length) throws IOException {
    Found found = last;
    if (found != null && found.object().name().equals(name) && offset < found.object().size()) {
      InputStream again = openAgain(doing, found, offset, length);
      if (again != null) {
        return again;
      }
    }
    return openAnew(doing, name, offset, length);
  }

  /**
   * Asks for chunks and for the object at once, as a restore reads range after range of one; null
   * if the chunks are not, or no longer, that object's.
   */
  private @Nullable InputStream openAgain(String doing, Found found, long offset, long length)
      throws IOException {
    CompletableFuture<Message> look = bucket.askForObject(doing, found.object().name());
    ChunkStream stream = stream(doing, found, offset, length);
    boolean opened = false;
    try {
      if (found.isStill(bucket.object(doing, look))) {
        stream.begin();
        opened = true;
      }
    } catch (ChunkMissing e) {
      // The object is looked for anew.
    } finally {
      if (!opened) {
        stream.close();
      }
    }
    return opened ? stream : null;
  }

  private InputStream openAnew(String doing, String name, long offset, long length)
      throws IOException {
    @Nullable StoredObject before = null;
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      StoredObject object = bucket.object(doing, name);
      if (object == null || object.deleted()) {
        throw failures.of(Reason.NOT_FOUND, doing, "there is no such object");
      }
      if (object.link()) {
        throw failures.of(Reason.REJECTED, doing, "it is a link, which Stream does not follow");
      }
      if (offset >= object.size()) {
        return InputStream.nullInputStream();
      }
      // What it says of its chunks may be wrong: its stream may be a restored copy of another.
      boolean mistrusted = before != null && before.position() == object.position();
      ChunkRuns runs = mistrusted ? null : object.runs();
      try {
        Found found = new Found(object, runs == null ? scan(doing, object) : runs);
        InputStream stream = stream(doing, found, offset, length).begin();
        last = found;
        return stream;
      } catch (ChunkMissing e) {
        if (mistrusted) {
          break;
        }
        before = object;
      }
    }
    throw failures.of(
        Reason.CONFLICT, doing, "its bytes are not all there; something else removed them");
  }

  private ChunkStream stream(String doing, Found found, long offset, long length)
      throws IOException {
    return new ChunkStream(bucket, doing, found.object().nuid(), found.runs(), offset, length);
  }

  /** Finds the chunks of an object that another client stored. */
  private ChunkRuns scan(String doing, StoredObject object) throws IOException {
    ChunkRuns runs = new ChunkRuns();
    MessageScan.headers(
        bucket,
        doing,
        bucket.subjects().chunks(object.nuid()),
        message -> {
          String size = message.getHeaders() == null ? null : message.getHeaders().getFirst(SIZE);
          if (size == null) {
            throw failures.of(Reason.UNAVAILABLE, doing, "the server tells no sizes of chunks");
          }
          runs.add(message.metaData().streamSequence(), Integer.parseInt(size));
        });
    if (runs.size() != object.size() || runs.chunks() != object.chunks()) {
      throw new ChunkMissing("its chunks are not all there");
    }
    return runs;
  }
}
