package dev.stream.it.commit;

import dev.stream.core.Observer;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Commits to several databases of one process in turn, a short while each, so that whatever else
 * the machine does meets all of them alike: what a commit takes by the clock, and in processor time
 * of its thread, which nothing but the commit itself adds to. Arguments: an empty folder, rounds,
 * and commits of each round.
 */
final class CommitsInTurn {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int FORCED_SHARE = 10; // a disk is waited for in each of those

  /** Microseconds of the commits of one database in one round. */
  private record Round(double mean, double p50, double p99, double cpu, double cpuP99) {

    static Round of(long[] wall, long[] cpu) {
      Arrays.sort(wall);
      Arrays.sort(cpu);
      return new Round(mean(wall), at(wall, 0.5), at(wall, 0.99), mean(cpu), at(cpu, 0.99));
    }

    private static double mean(long[] nanos) {
      return Arrays.stream(nanos).sum() / 1e3 / nanos.length;
    }

    private static double at(long[] sorted, double share) {
      return sorted[(int) (sorted.length * share)] / 1e3;
    }
  }

  private final CommitSetup setup;
  private final @Nullable H2Registration stream;
  private final Connection database;
  private final PreparedStatement insert;
  private final List<Round> rounds = new ArrayList<>();

  private CommitsInTurn(CommitSetup setup, Path folder) throws Exception {
    this.setup = setup;
    this.stream =
        setup.isCaptured()
            ? H2Stream.register(Observer.of(CommitWriter.config(folder, setup.isForced())))
            : null;
    this.database = DriverManager.getConnection(setup.url(folder.resolve("db")));
    try (Statement statement = database.createStatement()) {
      statement.execute("create table t(id bigint auto_increment primary key, v varchar)");
    }
    this.insert = database.prepareStatement("insert into t(v) values(?)");
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int rounds = Integer.parseInt(args[1]);
    int commits = Integer.parseInt(args[2]);
    H2Stream.install();
    List<CommitsInTurn> all = new ArrayList<>();
    try {
      for (CommitSetup setup : CommitSetup.values()) {
        if (setup.base() == CommitSetup.PLAIN) {
          all.add(new CommitsInTurn(setup, Files.createDirectory(folder.resolve(setup.name()))));
        }
      }
      List<CommitsInTurn> order = new ArrayList<>(all);
      for (int round = -rounds / 2; round < rounds; round++) { // the first ones warm up
        for (CommitsInTurn one : order) {
          one.round(commits, round >= 0);
        }
        Collections.reverse(order);
      }
      for (CommitsInTurn one : all) {
        one.print(all.get(0).rounds);
      }
    } finally {
      for (CommitsInTurn one : all) {
        one.end();
      }
    }
  }

  private void round(int commits, boolean measured) throws SQLException {
    int count = setup.isForced() ? commits / FORCED_SHARE : commits;
    long[] wall = new long[count];
    long[] cpu = new long[count];
    long cpuBefore = THREADS.getCurrentThreadCpuTime();
    long before = System.nanoTime();
    for (int i = 0; i < count; i++) {
      insert.setString(1, "row " + i + " some payload of a small transaction");
      insert.executeUpdate();
      long after = System.nanoTime();
      long cpuAfter = THREADS.getCurrentThreadCpuTime();
      wall[i] = after - before;
      cpu[i] = cpuAfter - cpuBefore;
      before = System.nanoTime();
      cpuBefore = cpuAfter;
    }
    if (measured) {
      rounds.add(Round.of(wall, cpu));
    }
  }

  private void print(List<Round> plain) {
    System.out.printf(
        Locale.ROOT,
        "in turn: %-26s p50 %6.1f  p99 %7.1f  cpu %6.1f  its p99 %6.1f"
            + "  added: p50 %6.1f  p99 %7.1f  cpu %6.1f  its p99 %6.1f  ratio %.2f, of cpu %.2f%n",
        setup.description(),
        CommitCost.median(rounds, Round::p50),
        CommitCost.median(rounds, Round::p99),
        CommitCost.median(rounds, Round::cpu),
        CommitCost.median(rounds, Round::cpuP99),
        added(plain, Round::p50),
        added(plain, Round::p99),
        added(plain, Round::cpu),
        added(plain, Round::cpuP99),
        ratio(plain, Round::mean),
        ratio(plain, Round::cpu));
  }

  private double added(List<Round> plain, ToDoubleFunction<Round> figure) {
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      differences.add(figure.applyAsDouble(rounds.get(i)) - figure.applyAsDouble(plain.get(i)));
    }
    return CommitCost.median(differences, one -> one);
  }

  private double ratio(List<Round> plain, ToDoubleFunction<Round> figure) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds.size(); i++) {
      ratios.add(figure.applyAsDouble(plain.get(i)) / figure.applyAsDouble(rounds.get(i)));
    }
    return CommitCost.median(ratios, one -> one);
  }

  private void end() throws Exception {
    database.close();
    if (stream != null) {
      long failures = stream.failures();
      stream.close();
      if (failures > 0) {
        throw new AssertionError(failures + " changes were not taken at once");
      }
    }
  }
}
