package dev.stream.testkit.replica;

import dev.stream.api.replica.ReplicaException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Decides which fault an operation shows. Thread-safe. */
final class FaultScript {

  private final long seed;
  private final Map<Operation, Queue<Fault>> next = new EnumMap<>(Operation.class);
  private final Map<String, Integer> tries = new HashMap<>();
  private final List<Stall> stalls = new ArrayList<>();
  private double probability;
  private List<Fault> choice = List.of();
  private @Nullable Reason outage;

  FaultScript(long seed) {
    this.seed = seed;
  }

  synchronized void next(Operation operation, Collection<Fault> faults) {
    next.computeIfAbsent(operation, o -> new ArrayDeque<>()).addAll(faults);
    remember(faults);
  }

  synchronized void chaos(double newProbability, List<Fault> faults) {
    if (newProbability > 0 && faults.isEmpty()) {
      throw new IllegalArgumentException("chaos needs at least one fault");
    }
    probability = newProbability;
    choice = List.copyOf(faults);
    remember(faults);
  }

  synchronized void outage(@Nullable Reason reason) {
    outage = reason;
  }

  /** The fault for an operation on {@code what}, or null for none. */
  synchronized @Nullable Fault draw(Operation operation, String what) {
    String subject = operation + " " + what;
    int attempt = tries.merge(subject, 1, Integer::sum);
    if (outage != null) {
      return Fault.failing(outage);
    }
    Queue<Fault> scripted = next.get(operation);
    if (scripted != null && !scripted.isEmpty()) {
      return scripted.remove();
    }
    if (probability > 0) {
      Random random = new Random(seed + 31L * subject.hashCode() + 1_000_003L * attempt);
      // The first values of neighbouring seeds are alike.
      random.nextLong();
      if (random.nextDouble() < probability) {
        return choice.get(random.nextInt(choice.size()));
      }
    }
    return null;
  }

  synchronized void releaseStalls() {
    stalls.forEach(Stall::release);
  }

  private void remember(Collection<Fault> faults) {
    for (Fault fault : faults) {
      if (fault instanceof Fault.Stalled stalled) {
        stalls.add(stalled.stall());
      }
    }
  }
}
