package dev.stream.cli.check;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.cli.command.ErrorMessage;
import dev.stream.cli.output.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a probe has found out about a replica so far. Thread-safe. */
final class ProbeReport {

  /** What is tried, in the order of the report. */
  enum Step {
    REACH("be reached"),
    LIST("list"),
    WRITE("write"),
    READ("read"),
    DELETE("delete"),
    LARGE("move large objects");

    private final String doing;

    Step(String doing) {
      this.doing = doing;
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How one step ended. It went well if there is no problem. */
  private record Outcome(Duration took, @Nullable String reason, @Nullable String problem) {}

  private final Map<Step, Outcome> outcomes = new EnumMap<>(Step.class);
  private Step current = Step.REACH;
  private @Nullable String store;
  private @Nullable Duration roundTrip;
  private @Nullable String leftover;
  private List<String> warnings = List.of();

  /** Whether the report is complete. What the interrupted probe still adds would contradict it. */
  private boolean over;

  synchronized void opened(String name) {
    store = name;
  }

  synchronized void begins(Step step) {
    if (!over) {
      current = step;
    }
  }

  synchronized void worked(Step step, Duration took) {
    if (!over) {
      outcomes.putIfAbsent(step, new Outcome(took, null, null));
    }
  }

  synchronized void failed(Step step, Duration took, Throwable failure) {
    if (over) {
      return;
    }
    String reason = null;
    if (failure instanceof ReplicaException replica) {
      reason = replica.reason().name();
    } else if (failure instanceof IOException) {
      reason = Reason.UNAVAILABLE.name(); // as the contract of replicas says of other exceptions
    }
    outcomes.put(step, new Outcome(took, reason, ErrorMessage.of(failure)));
  }

  /** The time was up during the step that began last. */
  synchronized void timedOut(Duration took, String problem) {
    over = true;
    outcomes.put(current, new Outcome(took, "TIMEOUT", problem));
  }

  synchronized void roundTrip(Duration median) {
    if (!over) {
      roundTrip = median;
    }
  }

  /** An object of the probe that could not be removed again. */
  synchronized void leaves(@Nullable String key) {
    if (!over) {
      leftover = key;
    }
  }

  /** What the replica itself warns of in the set-up of its store. */
  synchronized void warnings(List<String> found) {
    if (!over) {
      warnings = List.copyOf(found);
    }
  }

  synchronized boolean failedAt(Step step) {
    Outcome outcome = outcomes.get(step);
    return outcome != null && outcome.problem() != null;
  }

  /** Whether replication and restores can work. They can where nothing can be deleted. */
  synchronized boolean ok() {
    return outcomes.keySet().stream().noneMatch(step -> step != Step.DELETE && failedAt(step))
        && outcomes.containsKey(Step.READ);
  }

  synchronized boolean warns() {
    return ok() && (failedAt(Step.DELETE) || !warnings.isEmpty());
  }

  /** The report as one line of text. */
  synchronized String text() {
    StringBuilder text = new StringBuilder(store == null ? "" : store + " ");
    List<Step> able = steps(false);
    List<Step> unable = steps(true);
    able.remove(Step.REACH);
    if (!able.isEmpty()) {
      text.append("can ").append(joined(able));
    }
    String separator = able.isEmpty() ? "" : ", ";
    for (List<Step> steps : byReason(unable)) {
      text.append(separator).append("cannot ").append(joined(steps)).append(problem(steps.get(0)));
      separator = "; ";
    }
    if (ok() && failedAt(Step.DELETE)) {
      text.append("; old artefacts would stay there for ever: retention could not work");
    }
    warnings.forEach(warning -> text.append("; ").append(warning));
    if (leftover != null) {
      text.append("; the object ").append(leftover).append(" may have been left there");
    }
    if (roundTrip != null) {
      text.append("; round trip ").append(millis(roundTrip)).append(" ms");
      text.append(
          able.stream()
              .map(step -> step.label() + " " + millis(took(step)) + " ms")
              .collect(Collectors.joining(", ", " (", ")")));
    }
    return text.toString();
  }

  private List<Step> steps(boolean failed) {
    List<Step> steps = new ArrayList<>(outcomes.keySet());
    steps.removeIf(step -> failedAt(step) != failed);
    return steps;
  }

  /**
   * The steps that failed, grouped by reason: a reason is reported once, with the message of its
   * first step.
   */
  private List<List<Step>> byReason(List<Step> failed) {
    Map<String, List<Step>> groups = new LinkedHashMap<>();
    for (Step step : failed) {
      groups.computeIfAbsent(String.valueOf(reason(step)), reason -> new ArrayList<>()).add(step);
    }
    return List.copyOf(groups.values());
  }

  private @Nullable String reason(Step step) {
    Outcome outcome = outcomes.get(step);
    return outcome == null ? null : outcome.reason();
  }

  private Duration took(Step step) {
    Outcome outcome = outcomes.get(step);
    return outcome == null ? Duration.ZERO : outcome.took();
  }

  private String problem(Step step) {
    Outcome outcome = outcomes.get(step);
    String reason = reason(step);
    return (reason == null ? "" : " (" + words(reason) + ")")
        + (outcome == null ? "" : ": " + outcome.problem());
  }

  private static String words(String reason) {
    return switch (reason) {
      case "NOT_FOUND" -> "not found";
      case "ACCESS_DENIED" -> "access denied";
      case "UNAVAILABLE" -> "not reachable, full or out of order";
      case "REJECTED" -> "refused";
      case "CONFLICT" -> "changed by somebody else";
      case "TIMEOUT" -> "timeout";
      default -> reason;
    };
  }

  private static String joined(List<Step> steps) {
    List<String> words = steps.stream().map(step -> step.doing).toList();
    int last = words.size() - 1;
    return last == 0
        ? words.get(0)
        : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
  }

  private static String millis(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%.0f", millis);
  }

  /**
   * The keys of the JSON document that the check of a replica has in addition to those of every
   * check.
   */
  synchronized JsonObject tree(String replica) {
    JsonObject tree =
        new JsonObject()
            .with("replica", replica)
            .with("store", store)
            .with("warning", warns())
            .with("warnings", warnings)
            .with("roundTripMillis", roundTrip == null ? null : decimal(roundTrip))
            .with("leftover", leftover);
    List<JsonObject> steps = new ArrayList<>();
    for (Step step : Step.values()) {
      Outcome outcome = outcomes.get(step);
      JsonObject one =
          new JsonObject()
              .with("step", step.label())
              .with("ok", outcome == null ? null : outcome.problem() == null)
              .with("durationMillis", outcome == null ? null : decimal(outcome.took()));
      String reason = reason(step);
      one.put("reason", reason == null ? null : reason.toLowerCase(Locale.ROOT).replace('_', '-'));
      one.put("problem", outcome == null ? null : outcome.problem());
      steps.add(one);
    }
    tree.put("steps", steps);
    return tree;
  }

  private static double decimal(Duration duration) {
    return Math.round(duration.toNanos() / 1e4) / 1e2;
  }
}
