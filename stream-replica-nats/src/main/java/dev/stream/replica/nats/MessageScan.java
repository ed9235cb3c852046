package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException.Reason;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.Subscription;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerCreateRequest;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsJetStreamMetaData;
import io.nats.client.support.Status;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads all messages on some subjects, in their order, with one request. A message that does not
 * arrive is noticed; the end is known from the server's count, and asked for if it does not come
 * out because something was removed meanwhile: no timeout is waited for.
 */
final class MessageScan {

  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration ABANDONED = Duration.ofSeconds(5);
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final String STALLED = "Nats-Consumer-Stalled";

  private final NatsBucket bucket;
  private final String doing;
  private final String consumer = NUID.nextGlobal();
  private long received;

  private MessageScan(NatsBucket bucket, String doing) {
    this.bucket = bucket;
    this.doing = doing;
  }

  /** Takes one message after the other. */
  interface Taker {
    void take(Message message) throws IOException;
  }

  /** The last message of each subject. */
  static void last(NatsBucket bucket, String doing, String filter, Taker taker) throws IOException {
    new MessageScan(bucket, doing).run(filter, DeliverPolicy.LastPerSubject, false, taker);
  }

  /** The headers of all messages. */
  static void headers(NatsBucket bucket, String doing, String filter, Taker taker)
      throws IOException {
    new MessageScan(bucket, doing).run(filter, DeliverPolicy.All, true, taker);
  }

  private void run(String filter, DeliverPolicy policy, boolean headersOnly, Taker taker)
      throws IOException {
    Subscription inbox = bucket.link().subscribe(doing);
    try {
      long pending = create(filter, policy, headersOnly, inbox.getSubject());
      long deadline = deadline();
      while (pending > 0) {
        Message message = next(inbox);
        if (message == null) {
          pending = asked();
          if (System.nanoTime() > deadline) {
            throw bucket.failures().of(Reason.UNAVAILABLE, doing, "no answer within the timeout");
          }
        } else if (message.isStatusMessage()) {
          goOn(message);
        } else {
          pending = taken(message);
          taker.take(message);
          deadline = deadline();
        }
      }
    } finally {
      unsubscribe(inbox);
    }
  }

  private long deadline() {
    return System.nanoTime() + bucket.link().timeout().toNanos();
  }

  private long create(String filter, DeliverPolicy policy, boolean headersOnly, String inbox)
      throws IOException {
    ConsumerConfiguration.Builder config =
        ConsumerConfiguration.builder()
            .name(consumer)
            .filterSubject(filter)
            .deliverSubject(inbox)
            .deliverPolicy(policy)
            .ackPolicy(AckPolicy.None)
            .maxDeliver(1)
            .memStorage(true)
            .numReplicas(1)
            .flowControl(HEARTBEAT)
            .inactiveThreshold(ABANDONED);
    if (headersOnly) {
      config.headersOnly(true);
    }
    String stream = bucket.subjects().stream();
    byte[] request = new ConsumerCreateRequest(stream, config.build()).serialize();
    String subject = bucket.subjects().createConsumer(consumer, filter);
    ConsumerInfo info = consumer(bucket.link().ask(doing, subject, request));
    return info.getNumPending() + info.getDelivered().getConsumerSequence();
  }

  private ConsumerInfo consumer(Message answer) throws IOException {
    try {
      ConsumerInfo info = new ConsumerInfo(answer);
      info.throwOnHasError();
      return info;
    } catch (JetStreamApiException e) {
      throw bucket.failures().typed(doing, e);
    }
  }

  private @Nullable Message next(Subscription inbox) throws IOException {
    try {
      return inbox.nextMessage(QUIET);
    } catch (InterruptedException e) {
      throw bucket.failures().interrupted(doing);
    } catch (IllegalStateException e) {
      throw bucket.failures().typed(doing, e);
    }
  }

  /** Counts a message, and returns how many are to come. */
  private long taken(Message message) throws IOException {
    NatsJetStreamMetaData meta = message.metaData();
    received++;
    if (meta.consumerSequence() != received) {
      throw bucket.failures().of(Reason.UNAVAILABLE, doing, "a message got lost on the way");
    }
    return meta.pendingCount();
  }

  /** How many messages are to come, as the server says: fewer than it announced, if any left. */
  private long asked() throws IOException {
    String subject = bucket.subjects().consumerInfo(consumer);
    ConsumerInfo info = consumer(bucket.link().ask(doing, subject, new byte[0]));
    return info.getNumPending() + info.getDelivered().getConsumerSequence() - received;
  }

  /** Lets the server send more if it waits for us. */
  private void goOn(Message status) throws IOException {
    if (status.getStatus().getCode() != Status.FLOW_OR_HEARTBEAT_STATUS_CODE) {
      throw bucket
          .failures()
          .of(Reason.UNAVAILABLE, doing, status.getStatus().getMessageWithCode());
    }
    String replyTo = status.getReplyTo();
    Headers headers = status.getHeaders();
    String stalled = headers == null ? null : headers.getFirst(STALLED);
    if (replyTo != null) {
      bucket.link().tell(doing, replyTo);
    } else if (stalled != null) {
      bucket.link().tell(doing, stalled);
    }
  }

  private static void unsubscribe(Subscription inbox) {
    try {
      inbox.unsubscribe();
    } catch (IllegalStateException e) {
      // The connection is closed, and the subscription with it.
    }
  }
}
