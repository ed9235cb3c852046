package dev.stream.core.count;

import dev.stream.core.event.StreamEvent;
import dev.stream.core.event.StreamEvent.Artefact;
import dev.stream.core.event.StreamListener;
import dev.stream.core.status.GenerationCause;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What happened to one replication since its start. Safe for use by several threads. */
public final class StreamCounters {

  private final InstantSource clock;
  private final Map<String, OfReplica> replicas = new LinkedHashMap<>();
  private final ConstantCounters<GenerationCause> generations =
      new ConstantCounters<>(GenerationCause.class);
  private final LongAdder catchUps = new LongAdder();
  private final ConstantCounters<Artefact> made = new ConstantCounters<>(Artefact.class);
  private final ConstantCounters<Artefact> madeBytes = new ConstantCounters<>(Artefact.class);
  private volatile @Nullable Instant startedAt;

  /** What is counted of a replica. */
  static final class OfReplica {

    private final ReplicaCounters operations;
    private final ConstantCounters<Artefact> stored = new ConstantCounters<>(Artefact.class);
    private final LongAdder deleted = new LongAdder();

    private OfReplica(InstantSource clock) {
      this.operations = new ReplicaCounters(clock);
    }

    ReplicaCounters operations() {
      return operations;
    }

    long stored(Artefact kind) {
      return stored.sum(kind);
    }

    long deleted() {
      return deleted.sum();
    }
  }

  /** Nothing happened yet to replicas of these names. */
  public StreamCounters(List<String> names, InstantSource clock) {
    this.clock = clock;
    names.forEach(name -> replicas.put(name, new OfReplica(clock)));
  }

  /** The replication begins now. */
  public void started() {
    startedAt = clock.instant();
  }

  /** When it began; null if it has not. */
  @Nullable Instant startedAt() {
    return startedAt;
  }

  /** The same listener; what it hears is counted. */
  public StreamListener counting(StreamListener listener) {
    return event -> {
      count(event);
      listener.onEvent(event);
    };
  }

  private void count(StreamEvent event) {
    if (event instanceof StreamEvent.GenerationBegan began) {
      generations.add(began.cause(), 1);
    } else if (event instanceof StreamEvent.CaughtUp) {
      catchUps.increment();
    } else if (event instanceof StreamEvent.ArtefactMade one) {
      made.add(one.kind(), 1);
      madeBytes.add(one.kind(), one.bytes());
    } else if (event instanceof StreamEvent.ArtefactStored one) {
      OfReplica replica = replicas.get(one.replica());
      if (replica != null) {
        replica.stored.add(one.kind(), 1);
      }
    } else if (event instanceof StreamEvent.ArtefactsDeleted some) {
      OfReplica replica = replicas.get(some.replica());
      if (replica != null) {
        replica.deleted.add(some.count());
      }
    }
  }

  /** What was asked of a replica; null if there is none of that name. */
  public @Nullable ReplicaCounters operations(String replica) {
    OfReplica known = replicas.get(replica);
    return known == null ? null : known.operations();
  }

  Map<String, OfReplica> replicas() {
    return replicas;
  }

  long generations(GenerationCause cause) {
    return generations.sum(cause);
  }

  long catchUps() {
    return catchUps.sum();
  }

  long made(Artefact kind) {
    return made.sum(kind);
  }

  long madeBytes(Artefact kind) {
    return madeBytes.sum(kind);
  }
}
