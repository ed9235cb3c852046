package dev.stream.core.month;

import dev.stream.core.config.CompactionConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.month.Month.Day;
import dev.stream.core.month.Month.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Prints what a month leaves on a replica, as rows of the table in {@code docs/RETENTION.md}. Run
 * by {@code benchmarks/month}.
 */
final class MonthReport {

  private static final List<Duration> LEVELS = CompactionConfig.DEFAULTS.levels();

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MONTH = Duration.ofDays(30);

  /** How many objects are gone through for the column of any state. */
  private static final int PLANNED = 200_000_000;

  private MonthReport() {}

  /** Arguments: a folder to work in, days, seconds between commits, which row if only one. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int days = Integer.parseInt(args[1]);
    Duration commits = Duration.ofSeconds(Long.parseLong(args[2]));
    Duration hour = Duration.ofHours(1);
    List<Row> rows =
        List.of(
            new Row("a day (the defaults)", LEVELS, new RetentionConfig(DAY, hour)),
            new Row("30 days", LEVELS, new RetentionConfig(MONTH, hour)),
            new Row(
                "30 days, every segment for a week",
                LEVELS,
                new RetentionConfig(MONTH, hour, List.of(WEEK, WEEK, WEEK))),
            new Row("a day, without compaction", List.of(), new RetentionConfig(DAY, hour)));
    System.out.println(
        "| what is kept | objects | MB | segments as captured | puts, lists, reads, deletes on a busy day"
            + " | on an idle day | objects to restore the newest state | any state: median, most |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (int i = 0; i < rows.size(); i++) {
      if (args.length < 4 || args[3].equals(Integer.toString(i + 1))) {
        Row row = rows.get(i);
        run(folder, row.what(), row.levels(), row.retention(), days, commits);
      }
    }
  }

  /** What is compared: one row of the table. */
  private record Row(String what, List<Duration> levels, RetentionConfig retention) {}

  private static void run(
      Path folder,
      String what,
      List<Duration> levels,
      RetentionConfig retention,
      int days,
      Duration commits)
      throws Exception {
    Path work = Files.createTempDirectory(folder, "month");
    Script script = new Script(levels, retention, commits, null, 1_000);
    try (Month month = new Month(work.resolve("shadow"), script, 1)) {
      List<Day> busy = new ArrayList<>();
      for (int day = 0; day < days; day++) {
        busy.add(month.day(true));
      }
      // What it takes to plan a restore grows with the objects: of many, fewer states are tried.
      Restores restores =
          new Restores(month).plan(Math.min(20_000, PLANNED / month.replica.size()));
      restores.prove(20, work, new Random(1));
      int objects = month.replica.size();
      long bytes = month.replica.bytes();
      long fine =
          month.listing().generations().get(0).segments().stream()
              .filter(segment -> segment.level() == 0)
              .count();
      Day last = busy.get(busy.size() - 1);
      Day idle = month.day(false);
      System.out.printf(
          Locale.ROOT,
          "| %s | %,d | %,.1f | %,d | %,d, %,d (%,d requests of 1,000), %,d, %d | %d, %d, %d, %d | %d | %d, %d |%n",
          what,
          objects,
          bytes / 1e6,
          fine,
          last.puts(),
          last.lists(),
          last.pages(),
          last.marks(),
          last.deletes(),
          idle.puts(),
          idle.lists(),
          idle.marks(),
          idle.deletes(),
          restores.newest(),
          restores.median(),
          restores.most());
    }
  }
}
