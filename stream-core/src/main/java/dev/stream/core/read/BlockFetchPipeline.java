package dev.stream.core.read;

import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ReplicaArchive;
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
 * then fetches and decodes the wanted blocks in any order.
 *
 * <p>Memory: with {@code p} threads at most {@code 4p} artefacts of {@link OpenArtefact#WHOLE}
 * bytes, {@code p} ranges of {@link BlockBatch#MAX_BYTES} and as many blocks; with the usual 8 some
 * 40 MiB, however large or many the artefacts are. To this come the indexes of large artefacts that
 * are open, a few hundredths of a percent of their pages.
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
      List<BlockBatch> wanted;
      try {
        wanted = BlockBatch.of(visitor.opened(artefact));
      } catch (ChainException e) {
        visitor.failed(artefact.descriptor(), e);
        visitor.progressed(artefact.descriptor().size());
        return;
      }
      long stored = wanted.stream().mapToLong(BlockBatch::storedBytes).sum();
      visitor.progressed(artefact.descriptor().size() - stored);
      for (BlockBatch batch : wanted) {
        batches.acquire();
        threads.execute(() -> handle(artefact, batch));
      }
    }

    private void handle(OpenArtefact artefact, BlockBatch batch) {
      try {
        if (failure.get() == null) {
          decode(artefact, batch);
          visitor.progressed(batch.storedBytes());
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

    private void decode(OpenArtefact artefact, BlockBatch batch) throws IOException {
      if (artefact.source().holds(batch.offset(), batch.length())) {
        decode(artefact, batch, true);
        return;
      }
      for (BlockBatch needed : BlockBatch.of(visitor.missing(artefact, batch.blocks()))) {
        decode(artefact, needed, false);
      }
    }

    private void decode(OpenArtefact artefact, BlockBatch batch, boolean held) throws IOException {
      int pageSize = artefact.header().pageSize();
      byte[] pages = new byte[batch.maxRawLength()];
      if (!held) {
        artefact.source().load(batch.offset(), batch.length());
      }
      try {
        for (BlockClaim claim : batch.blocks()) {
          artefact.reader().readBlock(claim.block().index(), pages);
          for (BlockClaim.Run run : claim.runs()) {
            visitor.pages(run.firstId(), run.count(), pages, run.position() * pageSize);
          }
        }
      } finally {
        if (!held) {
          artefact.source().drop(batch.offset());
        }
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
