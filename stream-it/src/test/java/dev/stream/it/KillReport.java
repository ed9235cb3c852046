package dev.stream.it;

import dev.stream.core.verify.GenerationReport;
import dev.stream.core.verify.VerifyReport;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of the generations. For one thread. */
final class KillReport {

  private final Map<String, Integer> resumed = new TreeMap<>();
  private final Map<String, Integer> begun = new TreeMap<>();
  private final Map<String, Integer> caught = new TreeMap<>();
  private final Map<String, Integer> generations = new TreeMap<>();

  int kills;
  int writerKills;
  int restores;
  int moments;
  int onTheirWay;
  int compared;
  int quiet;
  private int held;
  private int heldResumed;

  /** Waits until capture has begun, and returns the generation and why it is that one. */
  String started(ChildJvm stream) throws InterruptedException {
    String start = stream.answer("generation ");
    stream.hear("ready");
    String reason = start.substring(start.indexOf(' ') + 1);
    String kind = reason.replaceAll("[0-9a-f]{16}-[0-9a-f]{8}", "<id>").replaceAll("\\d+", "<n>");
    (reason.startsWith("resumed: ") ? resumed : begun).merge(kind, 1, Integer::sum);
    return start;
  }

  /** The writers had stopped soon after Stream was killed, and waited for this start. */
  void held(String start) {
    held++;
    heldResumed += start.contains(" resumed: ") ? 1 : 0;
  }

  void caught(String moment) {
    caught.merge(moment, 1, Integer::sum);
  }

  void verified(VerifyReport report) {
    for (GenerationReport generation : report.generations()) {
      String summary = generation.ok() ? "whole" : generation.summary();
      generations.merge(summary.replaceAll("[0-9a-f]{16}\\S*|\\d+", "<n>"), 1, Integer::sum);
    }
    GenerationReport newest = report.generations().get(report.generations().size() - 1);
    if (!newest.ok()) {
      throw new AssertionError(newest.summary());
    }
  }

  int starts() {
    return sum(resumed) + sum(begun);
  }

  int resumes() {
    return sum(resumed);
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        "kills of Stream %d, of writers %d; restores judged %d, of a moment of the window %d (%d more"
                .formatted(kills, writerKills, restores, moments, onTheirWay)
            + " while commits were on their way), compared byte for byte %d%n"
                .formatted(compared + quiet));
    text.append(
        "starts that resumed the generation %d (%d of them after a kill while nobody wrote), that"
                .formatted(resumes(), quiet)
            + " began a new one %d%n".formatted(sum(begun)));
    text.append(
        "where the writers stopped soon after the kill: %d starts, %d resumed%n"
            .formatted(held, heldResumed));
    resumed.forEach((reason, count) -> text.append("  %4d %s%n".formatted(count, reason)));
    begun.forEach((reason, count) -> text.append("  %4d new: %s%n".formatted(count, reason)));
    text.append("killed while: ").append(caught).append(System.lineSeparator());
    text.append("generations at the end: ").append(generations);
    return text.toString();
  }
}
