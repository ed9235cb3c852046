package dev.stream.replica.nats;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.support.FailureCollection;
import io.nats.client.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Removes objects, with many requests under way: first the messages that make them visible. */
final class ObjectDeletion {

  private static final int AT_A_TIME = 64;

  private final NatsBucket bucket;
  private final String prefix;
  private final FailureCollection failures = new FailureCollection();

  ObjectDeletion(NatsBucket bucket, String prefix) {
    this.bucket = bucket;
    this.prefix = prefix;
  }

  /** An object, and the answer that it waits for. */
  private record Step(
      String doing, @Nullable StoredObject object, CompletableFuture<Message> answer) {}

  /** Asks the server for the next thing to do with an object. */
  private interface Question {
    CompletableFuture<Message> ask(String doing) throws IOException;
  }

  void run(Collection<ObjectKey> keys) throws IOException {
    List<ObjectKey> all = keys.stream().distinct().toList();
    for (int first = 0; first < all.size(); first += AT_A_TIME) {
      remove(all.subList(first, Math.min(all.size(), first + AT_A_TIME)));
    }
    failures.rethrow();
  }

  private void remove(List<ObjectKey> keys) throws IOException {
    bucket.traits("delete " + keys.get(0));
    List<Step> looks = new ArrayList<>();
    for (ObjectKey key : keys) {
      ask(looks, "delete " + key, null, doing -> bucket.askForObject(doing, prefix + key));
    }
    List<Step> removals = new ArrayList<>();
    for (Step look : looks) {
      StoredObject object = found(look);
      if (object != null) {
        ask(removals, look.doing(), object, doing -> bucket.askToPurgeObject(doing, object));
      }
    }
    List<Step> chunkRemovals = new ArrayList<>();
    for (Step removal : removals) {
      StoredObject object = removal.object();
      if (done(removal) && object != null && object.chunks() > 0) {
        String nuid = object.nuid();
        ask(chunkRemovals, removal.doing(), object, doing -> bucket.askToPurgeChunks(doing, nuid));
      }
    }
    chunkRemovals.forEach(this::done);
  }

  private void ask(
      List<Step> steps, String doing, @Nullable StoredObject object, Question question) {
    try {
      steps.add(new Step(doing, object, question.ask(doing)));
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private @Nullable StoredObject found(Step look) {
    try {
      return bucket.object(look.doing(), look.answer());
    } catch (IOException e) {
      failures.add(e);
      return null;
    }
  }

  private boolean done(Step removal) {
    try {
      bucket.purged(removal.doing(), removal.answer());
      return true;
    } catch (IOException e) {
      failures.add(e);
      return false;
    }
  }
}
