package dev.stream.it.commit;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a run of commits took.
 *
 * @param perSecond commits in a second
 * @param p50 microseconds that the median commit took
 * @param p99 microseconds that 99 of 100 commits did not exceed
 * @param max microseconds of the longest
 * @param writerCpu microseconds of processor time of the writing thread, per commit
 * @param processCpu the same of the whole process
 */
record CommitResult(
    double perSecond, double p50, double p99, double max, double writerCpu, double processCpu) {

  private static final String MARK = "result ";

  static CommitResult of(long[] nanos, long wall, long writerCpu, long processCpu) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    int count = sorted.length;
    return new CommitResult(
        count * 1e9 / wall,
        sorted[count / 2] / 1e3,
        sorted[(int) (count * 0.99)] / 1e3,
        sorted[count - 1] / 1e3,
        writerCpu / 1e3 / count,
        processCpu / 1e3 / count);
  }

  /** For another process to read. */
  String line() {
    return MARK
        + String.join(
            " ",
            Arrays.stream(new double[] {perSecond, p50, p99, max, writerCpu, processCpu})
                .mapToObj(Double::toString)
                .toList());
  }

  static CommitResult parse(String output) {
    String line =
        output
            .lines()
            .filter(one -> one.startsWith(MARK))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no result in: " + output));
    double[] values =
        Arrays.stream(line.substring(MARK.length()).split(" "))
            .mapToDouble(Double::parseDouble)
            .toArray();
    return new CommitResult(values[0], values[1], values[2], values[3], values[4], values[5]);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%8.0f/s  p50 %6.1f  p99 %7.1f  max %8.0f  cpu %6.1f (process %6.1f)",
        perSecond,
        p50,
        p99,
        max,
        writerCpu,
        processCpu);
  }
}
