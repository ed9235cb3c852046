package dev.stream.core.read;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.artefact.BlockEntry;
import dev.stream.core.artefact.ByteRun;
import dev.stream.core.file.TargetException;
import dev.stream.core.plugin.CodecLookup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads artefacts in parallel and in bounded memory: opens some ahead, hands them out in order,
 * then fetches and decodes the wanted blocks in any order. The bytes of a request are taken as they
 * come, block by block, so that a request may be long: over a long way it is the number of round
 * trips that costs.
 *
 * <p>Memory: with {@code p} threads at most {@code 4p} artefacts of {@link OpenArtefact#WHOLE}
 * bytes, and {@code p} blocks, packed and unpacked; with the usual 8 some 20 MiB, however large or
 * many the artefacts are. To this come the indexes of large artefacts that are open, a few
 * hundredths of a percent of their pages.
 */
public final class BlockFetchPipeline {

  private final ReplicaArchive archive;
  private final CodecLookup codecs;
  private final FetchMeter meter;
  private final int parallelism;

  public BlockFetchPipeline(
      ReplicaArchive archive, CodecLookup codecs, FetchMeter meter, int parallelism) {
    this.archive = archive;
    this.codecs = codecs;
    this.meter = meter;
    this.parallelism = parallelism;
  }

  /** Reads all artefacts, or fails with the first failure that the visitor passes on. */
  public void read(List<? extends ArtefactDescriptor> artefacts, ArtefactVisitor visitor)
      throws IOException {
    ExecutorService threads = ReadThreads.start(parallelism);
    try {
      new Run(threads, artefacts.iterator(), visitor).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading " + archive.replica().name());
    } finally {
      ReadThreads.stop(threads);
    }
  }

  private final class Run {

    private final ExecutorService threads;
    private final Iterator<? extends ArtefactDescriptor> artefacts;
    private final ArtefactVisitor visitor;
    private final int queue = 2 * parallelism;

    /** More at once would only take turns, and each its own memory of the codec. */
    private final Semaphore unpacking = new Semaphore(Runtime.getRuntime().availableProcessors());

    private final Semaphore batches = new Semaphore(queue);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Deque<Opening> ahead = new ArrayDeque<>();

    Run(
        ExecutorService threads,
        Iterator<? extends ArtefactDescriptor> artefacts,
        ArtefactVisitor visitor) {
      this.threads = threads;
      this.artefacts = artefacts;
      this.visitor = visitor;
    }

    void run() throws IOException, InterruptedException {
      openAhead();
      while (!ahead.isEmpty()) {
        Opening opening = ahead.remove();
        OpenArtefact artefact = await(opening);
        openAhead();
        if (artefact != null) {
          take(artefact);
        }
        throwFailure();
      }
      batches.acquire(queue);
      throwFailure();
    }

    private void openAhead() {
      while (ahead.size() < queue && artefacts.hasNext()) {
        ArtefactDescriptor next = artefacts.next();
        ahead.add(
            new Opening(
                next, threads.submit(() -> OpenArtefact.open(archive, next, codecs, meter))));
      }
    }

    private @Nullable OpenArtefact await(Opening opening) throws IOException, InterruptedException {
      try {
        return opening.result().get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException cause) {
          visitor.failed(opening.artefact(), cause);
          visitor.progressed(opening.artefact().size());
          return null;
        }
        throw ReadThreads.unexpected(e.getCause());
      }
    }

    private void take(OpenArtefact artefact) throws IOException, InterruptedException {
      List<BlockClaim> claims;
      try {
        claims = visitor.opened(artefact);
      } catch (ChainException e) {
        visitor.failed(artefact.descriptor(), e);
        visitor.progressed(artefact.descriptor().size());
        return;
      }
      long stored = BlockBatch.storedBytes(claims);
      visitor.progressed(artefact.descriptor().size() - stored);
      for (BlockBatch batch : BlockBatch.of(claims, BlockBatch.mostBytes(stored, parallelism))) {
        batches.acquire();
        threads.execute(() -> handle(artefact, batch));
      }
    }

    private void handle(OpenArtefact artefact, BlockBatch batch) {
      try {
        if (failure.get() == null) {
          take(artefact, batch);
        }
      } catch (TargetException e) {
        failure.compareAndSet(null, e);
      } catch (IOException e) {
        pass(artefact.descriptor(), e);
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      } finally {
        batches.release();
      }
    }

    private void take(OpenArtefact artefact, BlockBatch batch) throws IOException {
      if (artefact.source().isWhole()) {
        fetch(artefact, batch);
        return;
      }
      List<BlockClaim> missing = visitor.missing(artefact, batch.blocks());
      visitor.progressed(batch.storedBytes() - BlockBatch.storedBytes(missing));
      for (BlockBatch needed : BlockBatch.of(missing, batch.length())) {
        fetch(artefact, needed);
      }
    }

    /** Takes the blocks off one request as their bytes come. */
    private void fetch(OpenArtefact artefact, BlockBatch batch) throws IOException {
      int pageSize = artefact.header().pageSize();
      byte[] stored = new byte[batch.maxStoredLength()];
      byte[] unpacked = new byte[batch.maxRawLength()];
      long at = batch.offset();
      try (ByteRun run = artefact.source().run(at, batch.length())) {
        for (BlockClaim claim : batch.blocks()) {
          if (failure.get() != null) {
            return;
          }
          BlockEntry block = claim.block();
          run.read(stored, 0, (int) (block.offset() - at)); // the gap that was not worth a request
          artefact.reader().fetchBlock(block.index(), run, stored);
          at = block.offset() + block.storedLength();
          byte[] pages = unpack(artefact, block, stored, unpacked);
          for (BlockClaim.Run wanted : claim.runs()) {
            visitor.pages(wanted.firstId(), wanted.count(), pages, wanted.position() * pageSize);
          }
          visitor.progressed(block.storedLength());
        }
      }
    }

    private byte[] unpack(OpenArtefact artefact, BlockEntry block, byte[] stored, byte[] unpacked)
        throws IOException {
      unpacking.acquireUninterruptibly(); // who has it gives it back after one block
      try {
        return artefact.reader().unpackBlock(block.index(), stored, unpacked);
      } finally {
        unpacking.release();
      }
    }

    private void pass(ArtefactDescriptor artefact, IOException cause) {
      try {
        visitor.failed(artefact, cause);
      } catch (IOException e) {
        failure.compareAndSet(null, e);
      }
    }

    private void throwFailure() throws IOException {
      Throwable cause = failure.get();
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause != null) {
        throw ReadThreads.unexpected(cause);
      }
    }
  }

  private record Opening(ArtefactDescriptor artefact, Future<OpenArtefact> result) {}
}
