package dev.stream.benchmarks;

import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import dev.stream.core.shadow.ActiveLog;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One operation appends a commit of three pages of 4 KiB to the shadow log, with their hashes. The
 * log begins anew when it has 16 MiB, which is part of it.
 */
@State(Scope.Thread)
public class LogAppendBenchmark {

  private static final long FULL = 16 << 20;

  private final byte[] pages = Segments.pages(3);
  private final PageHashTable table = new PageHashTable();
  private Path folder;
  private ShadowDirectory directory;
  private ActiveLog log;
  private long txId;

  /** Begins a log. */
  @Setup(Level.Trial)
  public void begin() throws IOException {
    folder = Files.createTempDirectory("append");
    directory = ShadowDirectory.open(folder.resolve("shadow"));
    log = next();
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void remove() throws IOException {
    log.close();
    directory.close();
    Segments.delete(folder);
  }

  /** Appends a commit. */
  @Benchmark
  public long commitOfThreePages() throws IOException {
    if (log.length() > FULL) {
      log.close();
      Files.delete(log.file());
      log = next();
    }
    txId++;
    PageFlush flush =
        new PageFlush(
            txId,
            txId,
            Segments.PAGE,
            Segments.PAGES,
            "position",
            consumer -> {
              consumer.accept(new PageFrame(1, 0, ByteBuffer.wrap(pages, 0, Segments.PAGE)));
              consumer.accept(
                  new PageFrame(500, 1, ByteBuffer.wrap(pages, Segments.PAGE, 2 * Segments.PAGE)));
            });
    log.append(flush, table, Segments.NOW);
    return log.length();
  }

  private ActiveLog next() throws IOException {
    DatabaseState parent =
        DatabaseState.of(txId, table.checksum(), Segments.PAGE, Segments.PAGES, "position");
    return directory.createLog(Segments.GENERATION, parent, null, false);
  }
}
