package dev.stream.it.h2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of killed processes. For one thread. */
final class H2KillReport {

  private final Map<String, Integer> starts = new TreeMap<>();
  private final Map<String, Integer> moments = new TreeMap<>();
  private final List<String> lostByH2 = new ArrayList<>();
  private int resumes;
  private int begun;

  int kills;
  int acknowledged;
  int beyond;

  /** What the newest state was: that of the file, or not. */
  int same;

  int lastWriteMissing;
  int lastWritePartial;
  int compacted;
  int beforeSnapshot;

  /** A file that was restored byte for byte, and of which H2 made something else. */
  void lostByH2(String what) {
    lostByH2.add(what);
  }

  List<String> lostByH2() {
    return lostByH2;
  }

  /** A start whose generation went on or began. */
  void started(String reason) {
    if (reason.startsWith("resumed: ")) {
      resumes++;
    } else {
      begun++;
    }
    starts.merge(reason.replaceAll("\\d+", "<n>"), 1, Integer::sum);
  }

  void killed(String moment) {
    kills++;
    moments.merge(moment, 1, Integer::sum);
  }

  /** After how many kills the newest state had everything. */
  int held() {
    return same + lastWriteMissing + compacted;
  }

  int resumes() {
    return resumes;
  }

  int begun() {
    return begun;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("kills %d %s; commits acknowledged %d%n".formatted(kills, moments, acknowledged));
    text.append(
        ("newest state: the file as it was left %d; the file and its last write, which had not"
                + " reached it %d (in part %d); the file before it was compacted %d; none yet, for"
                + " the generation had no snapshot %d%n")
            .formatted(same, lastWriteMissing, lastWritePartial, compacted, beforeSnapshot));
    text.append(
        "transactions in the newest state that were not acknowledged any more: %d%n"
            .formatted(beyond));
    lostByH2.forEach(what -> text.append("lost by H2 itself: %s%n".formatted(what)));
    text.append("starts that resumed %d, that began a generation %d".formatted(resumes, begun));
    starts.forEach((reason, count) -> text.append("%n  %4d %s".formatted(count, reason)));
    return text.toString();
  }
}
