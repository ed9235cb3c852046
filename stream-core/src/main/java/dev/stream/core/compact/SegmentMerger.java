package dev.stream.core.compact;

import dev.stream.api.replica.ObjectKey;
import dev.stream.core.artefact.ArtefactHeader;
import dev.stream.core.artefact.ArtefactKind;
import dev.stream.core.artefact.ArtefactReader;
import dev.stream.core.artefact.ArtefactSummary;
import dev.stream.core.artefact.ArtefactWriter;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.shadow.ArtefactEncoding;
import dev.stream.core.shadow.SealedArtefact;
import dev.stream.core.shadow.ShadowDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one segment of several, in the shadow directory: the last version of each page. It streams;
 * in memory are the page indexes and at most one block of each of {@value #FAN_IN} parts. Of more
 * parts, groups are merged first, aside.
 *
 * <p>Crash points: while the segment is written it is in {@code tmp/} and goes with the next start;
 * the parts are not touched, neither before nor after.
 */
public final class SegmentMerger {

  static final int FAN_IN = 64;

  private final ShadowDirectory directory;
  private final ArtefactEncoding encoding;
  private final CodecLookup codecs;

  /**
   * A merger of segments in a directory.
   *
   * @param encoding how the new segments are written
   * @param codecs finds what reads their parts
   */
  public SegmentMerger(ShadowDirectory directory, ArtefactEncoding encoding, CodecLookup codecs) {
    this.directory = directory;
    this.encoding = encoding;
    this.codecs = codecs;
  }

  /**
   * Merges a run and makes the result an artefact of the directory, atomically and durably. What is
   * read is proven against its checksums, and that each part builds on the one before. May be
   * repeated.
   *
   * @param cancelled looked at now and then
   * @throws DamagedPartException if a part cannot be used, saying which
   * @throws CancellationException if it was cancelled; nothing is left then
   * @throws IOException if a file cannot be read or written; nothing is left then
   */
  public SealedArtefact merge(SegmentRun run, BooleanSupplier cancelled) throws IOException {
    List<Path> aside = new ArrayList<>();
    try {
      List<Input> inputs = new ArrayList<>();
      for (SealedArtefact part : run.parts()) {
        inputs.add(new Input(part, part.lastTxId(), directory.path(part.key())));
      }
      List<Input> narrowed = inputs;
      while (narrowed.size() > FAN_IN) {
        narrowed = narrow(narrowed, run.level(), aside, cancelled);
      }
      Path temporary = directory.temporary(run.key());
      aside.add(temporary);
      ArtefactSummary summary = write(narrowed, run.level(), temporary, cancelled);
      directory.publish(temporary, run.key());
      return SealedArtefact.segment(
          run.generation(),
          run.level(),
          run.firstTxId(),
          run.lastTxId(),
          summary.size(),
          run.parts().get(0).firstCommitAt());
    } finally {
      for (Path file : aside) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A segment to be read: a part, or several merged aside, known by the first of them. */
  private record Input(SealedArtefact part, long lastTxId, Path file) {}

  private List<Input> narrow(
      List<Input> inputs, int level, List<Path> aside, BooleanSupplier cancelled)
      throws IOException {
    List<Input> merged = new ArrayList<>();
    for (int from = 0; from < inputs.size(); from += FAN_IN) {
      List<Input> group = inputs.subList(from, Math.min(from + FAN_IN, inputs.size()));
      if (group.size() == 1) {
        merged.add(group.get(0));
        continue;
      }
      Path file =
          directory.temporary(
              new ObjectKey(group.get(0).part().key().value() + "." + aside.size()));
      aside.add(file);
      ArtefactSummary ignored = write(group, level, file, cancelled);
      merged.add(new Input(group.get(0).part(), group.get(group.size() - 1).lastTxId(), file));
    }
    return merged;
  }

  private ArtefactSummary write(
      List<Input> inputs, int level, Path temporary, BooleanSupplier cancelled) throws IOException {
    List<ArtefactReader> readers = new ArrayList<>();
    try {
      for (Input input : inputs) {
        readers.add(open(input));
        requireNext(inputs, readers);
      }
      MergedPages pages = new MergedPages(readers);
      long[] count = {0};
      pages.forEach((id, newest) -> count[0]++);
      ArtefactHeader last = readers.get(readers.size() - 1).header();
      try (ArtefactWriter writer =
          ArtefactWriter.create(
              temporary,
              encoding.merged(
                  readers.stream().map(ArtefactReader::header).toList(), level, count[0]),
              encoding.codec(),
              encoding.executor())) {
        byte[] zeros = new byte[last.pageSize()];
        pages.forEach(
            (id, newest) -> {
              if (cancelled.getAsBoolean()) {
                throw new CancellationException("merging was cancelled");
              }
              writer.addPage(
                  id,
                  newest == null
                      ? ByteBuffer.wrap(zeros)
                      : ByteBuffer.wrap(
                          bytes(inputs.get(newest.age()), newest),
                          newest.offset(),
                          last.pageSize()));
            });
        return writer.finish();
      }
    } finally {
      for (ArtefactReader reader : readers) {
        reader.close();
      }
    }
  }

  private ArtefactReader open(Input input) throws IOException {
    try {
      return ArtefactReader.open(
          ByteRangeSource.ofFile(input.file()), input.part().key().value(), codecs);
    } catch (NoSuchFileException e) {
      throw damaged(input, "it is not in the shadow directory any more", e);
    } catch (FileSystemException e) {
      throw e; // it could not be opened, which says nothing of it
    } catch (IOException e) {
      throw damaged(input, "" + e.getMessage(), e);
    }
  }

  private static byte[] bytes(Input input, PartCursor cursor) throws IOException {
    try {
      return cursor.bytes();
    } catch (IOException e) {
      throw damaged(input, "" + e.getMessage(), e);
    }
  }

  /** Proves that the last segment opened is the part it should be and builds on the one before. */
  private static void requireNext(List<Input> inputs, List<ArtefactReader> readers)
      throws DamagedPartException {
    int at = readers.size() - 1;
    Input input = inputs.get(at);
    ArtefactHeader header = readers.get(at).header();
    if (header.kind() != ArtefactKind.SEGMENT
        || !header.generation().equals(input.part().generation().value())
        || header.firstTxId() != input.part().firstTxId()
        || header.txId() != input.lastTxId()) {
      throw damaged(input, "it is another artefact than its key says", null);
    }
    if (at == 0) {
      return;
    }
    ArtefactHeader before = readers.get(at - 1).header();
    if (header.parentTxId() != before.txId()
        || header.parentChecksum() != before.checksum()
        || header.pageSize() != before.pageSize()) {
      throw damaged(
          input,
          "it does not build on the state at transaction " + before.txId() + " before it",
          null);
    }
  }

  private static DamagedPartException damaged(Input input, String why, @Nullable Throwable cause) {
    DamagedPartException failure =
        new DamagedPartException(input.part(), input.part().key() + " cannot be merged: " + why);
    if (cause != null) {
      failure.initCause(cause);
    }
    return failure;
  }
}
