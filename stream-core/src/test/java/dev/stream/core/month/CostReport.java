package dev.stream.core.month;

import dev.stream.core.month.SizedReplication.Day;
import dev.stream.core.month.SizedReplication.Lengths;
import java.time.Duration;
import java.util.Locale;

/**
 * Prints what a day of replication costs by size of the database and rate of commits, as rows of
 * the table in {@code docs/COST.md}. Run by {@code benchmarks/cost}.
 */
final class CostReport {

  /** Measured with the workload of {@code benchmarks/cost-run}: rows that compress by a half. */
  private static final Lengths LENGTHS = new Lengths(4096, 1236, 1235, 450);

  private static final long MIB = 1 << 20;

  private CostReport() {}

  private record Rate(String name, Duration every, int commits) {}

  /** Arguments: days, of which the last one is told; seconds, if a day has fewer. */
  public static void main(String[] args) {
    int days = Integer.parseInt(args[0]);
    Duration length = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 86_400);
    System.out.println(
        "| database | commits | stored, MB | objects | up a day, MB | puts | snapshots"
            + " | list requests | reads | deletes | a restore reads: objects, MB"
            + " | segments here, MB |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (long size : new long[] {10 * MIB, 1024 * MIB, 100 * 1024 * MIB}) {
      for (Rate rate :
          new Rate[] {
            new Rate("none", Duration.ofSeconds(30), 0),
            new Rate("1 a minute", Duration.ofMinutes(1), 1),
            new Rate("1 a second", Duration.ofSeconds(1), 1),
            new Rate("100 a second", Duration.ofSeconds(1), 100)
          }) {
        SizedReplication replication = new SizedReplication(size, LENGTHS);
        for (int i = 1; i < days; i++) {
          Day ignored = replication.day(length, rate.every(), rate.commits());
        }
        Day day = replication.day(length, rate.every(), rate.commits());
        print(size, rate.name(), day);
      }
    }
  }

  private static void print(long size, String rate, Day day) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %,.1f | %,d | %,.1f | %,d | %d | %,d | %,d | %d | %,d, %,.1f | %,.1f |%n",
        size < 1024 * MIB ? size / MIB + " MiB" : size / (1024 * MIB) + " GiB",
        rate,
        day.bytes() / 1e6,
        day.objects(),
        day.bytesUp() / 1e6,
        day.puts(),
        day.snapshots(),
        day.listRequests(),
        day.gets(),
        day.deletes(),
        day.restoreObjects(),
        day.restoreBytes() / 1e6,
        day.mostLocal() / 1e6);
  }
}
