package dev.stream.it.throughput;

import dev.stream.it.Shell;
import dev.stream.it.backend.Backend;
import dev.stream.it.backend.BackendKind;
import dev.stream.it.server.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Moves one snapshot through each kind of replica and through a plain client of its protocol, in
 * turn, and prints how they compare. Arguments: rounds, MiB, and kinds of replica.
 */
public final class ReplicaThroughput {

  private static final Duration ROUND_TRIP = Duration.ofMillis(50);

  private final Path folder;
  private final StoredSnapshot snapshot;

  private ReplicaThroughput(Path folder, StoredSnapshot snapshot) {
    this.folder = folder;
    this.snapshot = snapshot;
  }

  public static void main(String[] args) throws Exception {
    int rounds = Integer.parseInt(args[0]);
    int mebibytes = Integer.parseInt(args[1]);
    Path folder = Files.createTempDirectory("replica-throughput");
    try {
      StoredSnapshot snapshot = StoredSnapshot.make(folder, mebibytes);
      for (int i = 2; i < args.length; i++) {
        BackendKind kind = BackendKind.valueOf(args[i].toUpperCase(Locale.ROOT));
        new ReplicaThroughput(folder, snapshot).measure(kind, rounds);
      }
    } finally {
      Shell.expect("rm", "-r", folder.toString());
    }
  }

  private void measure(BackendKind kind, int rounds) throws Exception {
    Ratios ratios = new Ratios();
    try (Backend backend = kind.start();
        TcpProxy far = TcpProxy.to(backend.address());
        PlainClient plain =
            PlainClient.open(backend.type(), backend.config("throughput"), folder)) {
      far.latency(ROUND_TRIP);
      warmUp(plain, client(backend, backend.config("throughput")));
      for (int round = 0; round < rounds; round++) {
        System.out.printf(Locale.ROOT, "%s: round %d of %d%n", kind, round + 1, rounds);
        try (StreamClient near = client(backend, backend.config("throughput"))) {
          boolean plainFirst = round % 2 == 0;
          if (plainFirst) {
            plain(plain, ratios);
          }
          stream(near, ratios, Step.STREAM_PUT, Step.STREAM_RANGES, Step.STREAM_RESTORE);
          if (!plainFirst) {
            plain(plain, ratios);
          }
        }
        try (StreamClient away = client(backend, backend.config("throughput", far.address()))) {
          stream(away, ratios, Step.FAR_PUT, Step.FAR_RANGES, Step.FAR_RESTORE);
        }
      }
      System.out.println(kind + " beside " + plain.description());
      for (Step step : Step.values()) {
        System.out.println("  " + ratios.line(step, snapshot.size() / 1048576.0));
      }
    }
  }

  /** So that nobody pays for having been compiled last. */
  private void warmUp(PlainClient plain, StreamClient stream) throws Exception {
    try (stream) {
      plain(plain, new Ratios());
      stream(stream, new Ratios(), Step.STREAM_PUT, Step.STREAM_RANGES, Step.STREAM_RESTORE);
    }
  }

  private StreamClient client(Backend backend, Map<String, Object> config) throws Exception {
    return new StreamClient(backend.type(), config, snapshot, folder);
  }

  private void plain(PlainClient plain, Ratios ratios) throws Exception {
    Path got = folder.resolve("got");
    ratios.add(Step.PLAIN_PUT, seconds(() -> plain.put(snapshot.file())));
    ratios.add(Step.PLAIN_GET, seconds(() -> plain.get(got)));
    Shell.expect("cmp", snapshot.file().toString(), got.toString());
    Files.delete(got);
    plain.remove();
  }

  private static void stream(
      StreamClient stream, Ratios ratios, Step put, Step ranges, Step restore) throws Exception {
    ratios.add(put, seconds(stream::put));
    ratios.add(ranges, seconds(stream::readRanges));
    ratios.add(restore, seconds(stream::restore));
    stream.proveRestored();
    stream.remove();
  }

  private interface Work {
    void run() throws Exception;
  }

  private static double seconds(Work work) throws Exception {
    long begun = System.nanoTime();
    work.run();
    return (System.nanoTime() - begun) / 1e9;
  }
}
