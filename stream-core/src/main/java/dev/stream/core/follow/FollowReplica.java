package dev.stream.core.follow;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.retry.Retry;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** A replica to follow, and what is known of it. For one thread. */
final class FollowReplica {

  private final ReplicaOnDemand replica;
  private final Set<ObjectKey> unusable = new HashSet<>();

  FollowReplica(ReplicaOnDemand replica) {
    this.replica = replica;
  }

  ReplicaOnDemand replica() {
    return replica;
  }

  String name() {
    return replica.name();
  }

  ReplicaArchive archive(Retry retry) throws IOException {
    return replica.archive(retry);
  }

  /** Artefacts that were found damaged, or not to fit, and that are done without for a while. */
  Set<ObjectKey> unusable() {
    return unusable;
  }
}
