package dev.stream.benchmarks;

import dev.stream.api.codec.Codec;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ByteRangeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One operation writes or reads a segment: of one page, and of 256 pages (1 MiB). */
@State(Scope.Thread)
public class ArtefactBenchmark {

  /** How many pages of 4 KiB the segment has. */
  @Param({"1", "256"})
  public int pages;

  /** How they are compressed. */
  @Param({"none", "zstd"})
  public String codec;

  private Path folder;
  private Path whole;
  private Codec compressor;
  private byte[] content;
  private byte[] block;

  /** Writes what is read. */
  @Setup(Level.Trial)
  public void write() throws IOException {
    folder = Files.createTempDirectory("artefact");
    whole = folder.resolve("whole");
    compressor = Segments.codec(codec);
    content = Segments.pages(pages);
    ArtefactSummary ignored = Segments.write(whole, 1, compressor, content, 1, pages);
    try (ArtefactReader reader = open()) {
      block = new byte[reader.maxRawLength()];
    }
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void remove() throws IOException {
    Segments.delete(folder);
  }

  /** Packs pages and writes them to a file. */
  @Benchmark
  public ArtefactSummary encode() throws IOException {
    return Segments.write(folder.resolve("written"), 1, compressor, content, 1, pages);
  }

  /** Opens a file, proves it and unpacks all of its pages. */
  @Benchmark
  public byte[] decode() throws IOException {
    try (ArtefactReader reader = open()) {
      for (int i = 0; i < reader.blocks().size(); i++) {
        reader.readBlock(i, block);
      }
    }
    return block;
  }

  private ArtefactReader open() throws IOException {
    return ArtefactReader.open(ByteRangeSource.ofFile(whole), "segment", name -> compressor);
  }
}
