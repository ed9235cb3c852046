package dev.stream.replica.nats;

import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Removes the bytes of uploads that ended without an object: of killed processes, say. */
final class StaleChunks {

  /** An upload that has stored nothing for so long is over. */
  static final Duration OVER = Duration.ofDays(1);

  private static final String DOING = "clean up";

  private StaleChunks() {}

  /**
   * Removes them.
   *
   * @param over how long an upload must have stored nothing
   */
  static void remove(NatsBucket bucket, Duration over) throws IOException {
    // Before the objects are looked at: one that becomes visible in between is then not missed.
    Set<String> candidates = new HashSet<>();
    for (String subject : bucket.subjects(DOING, bucket.subjects().allChunks())) {
      candidates.add(bucket.subjects().nuidOf(subject));
    }
    if (candidates.isEmpty()) {
      return;
    }
    MessageScan.last(
        bucket,
        DOING,
        bucket.subjects().allMetas(),
        message -> candidates.remove(StoredObject.of(message).nuid()));
    if (candidates.isEmpty()) {
      return;
    }
    // Both times are the server's, so that our clock does not matter.
    var newest = bucket.newest(DOING, bucket.askForNewest(DOING));
    for (String nuid : candidates) {
      String subject = bucket.subjects().chunks(nuid);
      MessageInfo last = bucket.message(DOING, bucket.askForLast(DOING, subject));
      if (last != null
          && last.getTime() != null
          && last.getTime().toInstant().plus(over).isBefore(newest)) {
        bucket.purged(DOING, bucket.askToPurgeChunks(DOING, nuid));
      }
    }
  }
}
