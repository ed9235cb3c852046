package dev.stream.it.commit;

import dev.stream.api.replica.Replica;
import dev.stream.it.Restores;
import dev.stream.it.Shell;
import dev.stream.it.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Commits to H2 with and without Stream, each time in a process of its own, and prints how they
 * compare; then the same in one process in turn; then what snapshots and opening cost. Arguments:
 * rounds, commits, MiB.
 */
final class CommitCost {

  private static final int TURNS = 20; // for each round
  private static final int COMMITS_OF_A_TURN = 500;

  private final Path folder;
  private final Map<CommitSetup, List<CommitResult>> results = new EnumMap<>(CommitSetup.class);

  private CommitCost(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    Path folder = Files.createTempDirectory("h2-commit");
    try {
      CommitCost cost = new CommitCost(folder);
      for (int round = 0; round < rounds; round++) {
        cost.round(round, args[1]);
      }
      cost.print();
      Path turns = Files.createDirectory(folder.resolve("turns"));
      System.out.print(
          java(
              CommitsInTurn.class,
              turns.toString(),
              Integer.toString(rounds * TURNS),
              Integer.toString(COMMITS_OF_A_TURN)));
      if (!args[2].equals("0")) {
        Path large = Files.createDirectory(folder.resolve("large"));
        System.out.print(java(LargeDatabase.class, large.toString(), args[2]));
      }
    } finally {
      Shell.expect("rm", "-rf", folder.toString());
    }
  }

  /** In turn forwards and backwards, so that none is always first. */
  private void round(int round, String commits) throws IOException {
    List<CommitSetup> order = new ArrayList<>(List.of(CommitSetup.values()));
    if (round % 2 == 1) {
      java.util.Collections.reverse(order);
    }
    for (CommitSetup setup : order) {
      Path place = Files.createDirectory(folder.resolve("run"));
      CommitResult result =
          CommitResult.parse(java(CommitWriter.class, setup.name(), place.toString(), commits));
      if (setup.isCaptured()) {
        prove(place);
      }
      Shell.expect("rm", "-r", place.toString());
      results.computeIfAbsent(setup, key -> new ArrayList<>()).add(result);
      System.out.printf(
          Locale.ROOT, "round %d: %-26s %s%n", round + 1, setup.description(), result);
    }
  }

  /** What the replica has is the database's file, byte for byte. */
  private static void prove(Path place) throws IOException {
    try (Replica replica =
        Stores.open("file", Map.of("path", place.resolve("replica").toString()))) {
      Path restored = new Restores(replica, place).restoreAsUsual().path();
      Shell.expect("cmp", place.resolve("db.mv.db").toString(), restored.toString());
    }
  }

  private static String java(Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return Shell.expect(command.toArray(String[]::new));
  }

  private void print() {
    System.out.println("medians; microseconds; ratio of commits per second, and of each round");
    for (CommitSetup setup : CommitSetup.values()) {
      List<CommitResult> runs = results.getOrDefault(setup, List.of());
      List<CommitResult> bases = results.getOrDefault(setup.base(), List.of());
      CommitResult typical =
          new CommitResult(
              median(runs, CommitResult::perSecond),
              median(runs, CommitResult::p50),
              median(runs, CommitResult::p99),
              median(runs, CommitResult::max),
              median(runs, CommitResult::writerCpu),
              median(runs, CommitResult::processCpu));
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        ratios.add(runs.get(i).perSecond() / bases.get(i).perSecond());
      }
      System.out.printf(
          Locale.ROOT,
          "%-26s %s  ratio %.2f (%s)%n",
          setup.description(),
          typical,
          median(ratios, ratio -> ratio),
          String.join(
              " ", ratios.stream().map(one -> String.format(Locale.ROOT, "%.2f", one)).toList()));
    }
  }

  static <T> double median(List<T> runs, ToDoubleFunction<T> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
