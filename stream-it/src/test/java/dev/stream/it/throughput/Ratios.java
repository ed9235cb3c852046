package dev.stream.it.throughput;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Seconds that each step took in every round, and how they compare. For one thread. */
final class Ratios {

  private final Map<Step, List<Double>> seconds = new EnumMap<>(Step.class);

  void add(Step step, double took) {
    seconds.computeIfAbsent(step, key -> new ArrayList<>()).add(took);
  }

  /** One line for a step: its median speed, and its median ratio to the step it is held against. */
  String line(Step step, double mebibytes) {
    String speed =
        String.format(
            Locale.ROOT,
            "%-34s %7.1f MiB/s",
            step.description(),
            mebibytes / median(seconds.get(step)));
    return step.base()
        .map(
            base ->
                speed
                    + String.format(
                        Locale.ROOT,
                        "   ratio %.2f (%s) of %s",
                        median(ratios(step, base)),
                        shown(ratios(step, base)),
                        base.description()))
        .orElse(speed);
  }

  /** Above 1 where a step is faster than the one it is held against. */
  private List<Double> ratios(Step step, Step base) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < seconds.get(step).size(); round++) {
      ratios.add(seconds.get(base).get(round) / seconds.get(step).get(round));
    }
    return ratios;
  }

  private static String shown(List<Double> values) {
    return String.join(
        " ", values.stream().map(value -> String.format(Locale.ROOT, "%.2f", value)).toList());
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
