package dev.stream.benchmarks;

import dev.stream.api.codec.Codec;
import dev.stream.api.codec.CodecSettings;
import dev.stream.core.compact.SegmentMerger;
import dev.stream.core.compact.SegmentRun;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One operation merges 30 segments of 8 pages each, of which all but the last are superseded. */
@State(Scope.Thread)
public class SegmentMergeBenchmark {

  private static final int PARTS = 30;

  private Path folder;
  private ShadowDirectory directory;
  private SegmentMerger merger;
  private SegmentRun run;

  /** Writes the parts. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    folder = Files.createTempDirectory("merge");
    directory = ShadowDirectory.open(folder.resolve("shadow"));
    Codec codec = Segments.codec("zstd");
    byte[] pages = Segments.pages(8);
    List<SealedArtefact> parts = new ArrayList<>();
    for (int txId = 1; txId <= PARTS; txId++) {
      parts.add(Segments.publish(directory, txId, codec, pages, txId, 8));
    }
    run = new SegmentRun(1, parts);
    ArtefactEncoding encoding =
        new ArtefactEncoding(
            codec,
            CodecSettings.DEFAULTS,
            "sqlite",
            "writer",
            Runnable::run,
            Clock.fixed(Segments.NOW, ZoneOffset.UTC));
    merger = new SegmentMerger(directory, encoding, name -> codec);
  }

  /** Removes them. */
  @TearDown(Level.Trial)
  public void remove() throws IOException {
    directory.close();
    Segments.delete(folder);
  }

  /** Reads, proves and merges all parts, and publishes the result. */
  @Benchmark
  public SealedArtefact thirtySegments() throws IOException {
    return merger.merge(run, () -> false);
  }
}
