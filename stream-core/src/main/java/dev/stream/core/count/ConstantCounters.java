package dev.stream.core.count;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** A counter for each constant of an enum. Safe for use by several threads. */
final class ConstantCounters<E extends Enum<E>> {

  private final Map<E, LongAdder> counters;

  ConstantCounters(Class<E> type) {
    counters = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      counters.put(constant, new LongAdder());
    }
  }

  private LongAdder of(E constant) {
    return Objects.requireNonNull(counters.get(constant));
  }

  void add(E constant, long count) {
    of(constant).add(count);
  }

  long sum(E constant) {
    return of(constant).sum();
  }
}
