package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import io.nats.client.PurgeOptions;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.PurgeResponse;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * What we ask the stream of a bucket. Everything but the bytes of chunks comes from the stream's
 * leader, whose answer no lagging copy can spoil. Thread-safe.
 */
final class NatsBucket {

  private static final String ROLLUP = "Nats-Rollup";
  private static final String EXPECTED_LAST = "Nats-Expected-Last-Subject-Sequence";

  /**
   * Enough for a lone reader far away, and little enough for several in a small heap, who share it.
   */
  private static final int BYTES_AHEAD = 8 << 20;

  private final Semaphore readAhead = new Semaphore(BYTES_AHEAD);
  private final ServerLink link;
  private final Subjects subjects;
  private final NatsFailures failures;
  private final String name;
  private volatile @Nullable Traits traits;

  /**
   * How the bucket is set up.
   *
   * @param direct any copy of the stream answers for messages
   * @param replicated there is more than one copy
   */
  record Traits(boolean direct, boolean replicated) {}

  NatsBucket(String name, @Nullable String domain, ServerLink link, NatsFailures failures) {
    this.name = name;
    this.link = link;
    this.subjects = new Subjects(name, domain);
    this.failures = failures;
  }

  String name() {
    return name;
  }

  Subjects subjects() {
    return subjects;
  }

  ServerLink link() {
    return link;
  }

  /** Bytes that all streams together may have asked for ahead, beyond the least of each. */
  Semaphore readAhead() {
    return readAhead;
  }

  NatsFailures failures() {
    return failures;
  }

  /** How the bucket is set up, asked once. Fails if a replica cannot trust such a bucket. */
  Traits traits(String doing) throws IOException {
    Traits known = traits;
    if (known != null) {
      return known;
    }
    StreamConfiguration config = info(doing, new byte[0]).getConfiguration();
    if (config.getStorageType() != StorageType.File) {
      throw failures.of(
          Reason.REJECTED,
          doing,
          "the bucket is kept in memory, which does not outlive the server; make one with storage"
              + " 'file'");
    }
    if (!config.getMaxAge().isZero()) {
      String why =
          String.format(
              "objects in this bucket expire after %d s, and with them what a restore needs; make"
                  + " one without a TTL, Stream removes what is old",
              config.getMaxAge().toSeconds());
      throw failures.of(Reason.REJECTED, doing, why);
    }
    Traits asked = new Traits(config.getAllowDirect(), config.getReplicas() > 1);
    traits = asked;
    return asked;
  }

  private CompletableFuture<Message> askForInfo(String doing, byte[] options) throws IOException {
    return link.send(doing, subjects.info(), null, options);
  }

  private StreamInfo info(String doing, byte[] options) throws IOException {
    return info(doing, askForInfo(doing, options));
  }

  private StreamInfo info(String doing, CompletableFuture<Message> asked) throws IOException {
    Message answer;
    try {
      answer = link.await(doing, asked);
    } catch (ReplicaException e) {
      if (isNoResponders(e) && link.hasNoJetStream(doing)) {
        throw failures.withoutJetStream(doing);
      }
      throw e;
    }
    try {
      StreamInfo info = new StreamInfo(answer);
      info.throwOnHasError();
      return info;
    } catch (JetStreamApiException e) {
      throw failures.typed(doing, e);
    }
  }

  private static boolean isNoResponders(ReplicaException failure) {
    return failure.getCause() instanceof JetStreamStatusException;
  }

  /** The subjects with messages, of those that match a filter. */
  Set<String> subjects(String doing, String filter) throws IOException {
    Set<String> all = new TreeSet<>();
    while (true) {
      // With an offset in the request, the server lists a hundred thousand at a time.
      String page = "{\"subjects_filter\":\"" + filter + "\",\"offset\":" + all.size() + "}";
      var found =
          info(doing, page.getBytes(StandardCharsets.UTF_8)).getStreamState().getSubjectMap();
      if (found.isEmpty() || !all.addAll(found.keySet())) {
        return all;
      }
    }
  }

  CompletableFuture<Message> askForNewest(String doing) throws IOException {
    return askForInfo(doing, StreamInfoOptions.builder().build().serialize());
  }

  /** When the newest message came, by the server's clock. */
  Instant newest(String doing, CompletableFuture<Message> answer) throws IOException {
    return info(doing, answer).getStreamState().getLastTime().toInstant();
  }

  CompletableFuture<Message> askForObject(String doing, String object) throws IOException {
    return askForLast(doing, subjects.meta(object));
  }

  CompletableFuture<Message> askForLast(String doing, String subject) throws IOException {
    String request = "{\"last_by_subj\":\"" + subject + "\"}";
    return link.send(doing, subjects.get(), null, request.getBytes(StandardCharsets.UTF_8));
  }

  /** The object of this name, or the mark that another client left of it; null if none is. */
  @Nullable StoredObject object(String doing, String object) throws IOException {
    return object(doing, askForObject(doing, object));
  }

  @Nullable StoredObject object(String doing, CompletableFuture<Message> answer)
      throws IOException {
    MessageInfo message = message(doing, answer);
    if (message == null) {
      return null;
    }
    try {
      return StoredObject.of(message);
    } catch (IOException e) {
      throw failures.of(Reason.CONFLICT, doing, String.valueOf(e.getMessage()));
    }
  }

  /** The message that the leader answers with; null if there is none. */
  @Nullable MessageInfo message(String doing, CompletableFuture<Message> answer)
      throws IOException {
    MessageInfo message = new MessageInfo(link.await(doing, answer), subjects.stream(), false);
    try {
      message.throwOnHasError();
      return message;
    } catch (JetStreamApiException e) {
      if (NatsFailures.isNoMessage(e)) {
        return null;
      }
      throw failures.typed(doing, e);
    }
  }

  CompletableFuture<Message> publishChunk(String doing, String nuid, byte[] chunk)
      throws IOException {
    return link.send(doing, subjects.chunks(nuid), null, chunk);
  }

  /**
   * Makes an object visible in the place of the one whose message is at {@code former}, or of none
   * if that is 0.
   */
  CompletableFuture<Message> publishObject(
      String doing, String object, long former, byte[] description) throws IOException {
    Headers headers = new Headers();
    headers.put(ROLLUP, "sub");
    headers.put(EXPECTED_LAST, Long.toString(former));
    return link.send(doing, subjects.meta(object), headers, description);
  }

  /**
   * Waits until an object is visible; whether it is, or another one is in its place.
   *
   * @throws ReplicaException without certainty that it did not become visible, unless its cause is
   *     a {@link JetStreamApiException}
   */
  boolean visible(String doing, CompletableFuture<Message> answer) throws IOException {
    Message message = link.await(doing, answer);
    try {
      return new PublishAck(message).getSeqno() > 0;
    } catch (JetStreamApiException e) {
      if (NatsFailures.isWrongLastSequence(e)) {
        return false;
      }
      throw failures.typed(doing, e);
    }
  }

  /** Waits until a chunk is stored, and returns its position. */
  long stored(String doing, CompletableFuture<Message> answer) throws IOException {
    Message message = link.await(doing, answer);
    try {
      return new PublishAck(message).getSeqno();
    } catch (JetStreamApiException | IOException e) {
      throw failures.typed(doing, e);
    }
  }

  CompletableFuture<Message> askToPurgeChunks(String doing, String nuid) throws IOException {
    return link.send(
        doing, subjects.purge(), null, bytes(PurgeOptions.subject(subjects.chunks(nuid)).toJson()));
  }

  /** Removes an object's message, but none that came after it. */
  CompletableFuture<Message> askToPurgeObject(String doing, StoredObject object)
      throws IOException {
    PurgeOptions upToIt =
        PurgeOptions.builder()
            .subject(subjects.meta(object.name()))
            .sequence(object.position() + 1)
            .build();
    return link.send(doing, subjects.purge(), null, bytes(upToIt.toJson()));
  }

  void purged(String doing, CompletableFuture<Message> answer) throws IOException {
    try {
      new PurgeResponse(link.await(doing, answer)).throwOnHasError();
    } catch (JetStreamApiException e) {
      throw failures.typed(doing, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
