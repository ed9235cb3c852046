package dev.stream.core.upload;

import dev.stream.api.codec.Codec;
import dev.stream.api.database.DatabaseImage;
import dev.stream.core.archive.ArtefactBody;
import dev.stream.core.artefact.ByteRangeSource;
import dev.stream.core.artefact.LayoutBlocks;
import dev.stream.core.artefact.LayoutStream;
import dev.stream.core.artefact.SnapshotLayout;
import dev.stream.core.shadow.SealedArtefact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot that is nowhere: whoever reads it has its blocks made from the pinned image; from a
 * copy, as soon as there is one. Thread-safe.
 */
public final class LiveSnapshot implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LiveSnapshot.class);

  /** The image is no more, so the snapshot cannot be read to its end; nobody did wrong. */
  static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    GoneException() {
      super("the image of the database that the snapshot was read from was let go of");
    }
  }

  /**
   * How far a replica has come.
   *
   * @param attempts how often it began
   * @param position where the last byte that it was given is
   * @param at when that was, as {@link System#nanoTime} tells
   */
  public record Progress(int attempts, long position, long at) {}

  private final SealedArtefact artefact;
  private final SnapshotLayout layout;
  private final Codec codec;
  private final Map<String, Progress> progress = new HashMap<>();
  private final long begunAt = System.nanoTime();
  private final SharedBlocks shared = new SharedBlocks();
  private final Object reading = new Object(); // an image is for one thread at a time
  private @Nullable DatabaseImage image;
  private @Nullable IOException lost; // why the image cannot be read
  private volatile @Nullable Path copy;

  /** Takes over the image. */
  public LiveSnapshot(
      SealedArtefact artefact, SnapshotLayout layout, Codec codec, DatabaseImage image) {
    this.artefact = artefact;
    this.layout = layout;
    this.codec = codec;
    this.image = image;
  }

  public SealedArtefact artefact() {
    return artefact;
  }

  public long size() {
    return layout.size();
  }

  /** Whether it cannot be read any more. */
  boolean isGone() {
    synchronized (reading) {
      return copy == null && (image == null || lost != null);
    }
  }

  /** How far a replica has come. */
  public Progress progress(String replica) {
    synchronized (progress) {
      return progress.getOrDefault(replica, new Progress(0, 0, begunAt));
    }
  }

  /** Whether a replica was given the last block. */
  public boolean hasGivenAll(Progress of) {
    int blocks = layout.blocks();
    return blocks == 0
        || of.position() == layout.blockStart(blocks - 1) + layout.blockLength(blocks - 1);
  }

  /** Whether more than one has begun to take it. */
  private boolean isForSeveral() {
    synchronized (progress) {
      return progress.size() > 1;
    }
  }

  private void given(String replica, long position) {
    synchronized (progress) {
      int attempts = progress(replica).attempts();
      progress.put(replica, new Progress(attempts, position, System.nanoTime()));
    }
  }

  /** The content, for one attempt of a replica. */
  ArtefactBody body(String replica) {
    synchronized (progress) {
      Progress before = progress(replica);
      progress.put(replica, new Progress(before.attempts() + 1, before.position(), before.at()));
    }
    return new ArtefactBody() {
      @Override
      public long size() {
        return layout.size();
      }

      @Override
      public byte[] end(int length) {
        return layout.end(length);
      }

      @Override
      public boolean isGone() {
        return LiveSnapshot.this.isGone();
      }

      @Override
      public InputStream open() {
        return new LayoutStream(layout, new Reader(replica));
      }
    };
  }

  /** The content for whoever is no replica. */
  public InputStream open() {
    return new LayoutStream(layout, new Reader(""));
  }

  /** One who reads blocks; for one thread. */
  private final class Reader implements LayoutStream.Blocks {

    private final String replica;
    private final LayoutBlocks blocks = new LayoutBlocks(layout, codec);
    private @Nullable ByteRangeSource file;

    Reader(String replica) {
      this.replica = replica;
    }

    @Override
    public ByteBuffer block(int number) throws IOException {
      ByteBuffer found = copy == null ? made(number) : copied(number);
      given(replica, layout.blockStart(number) + layout.blockLength(number));
      return found;
    }

    private ByteBuffer made(int number) throws IOException {
      try {
        return isForSeveral()
            ? shared.block(number, () -> blocks.make(number, LiveSnapshot.this::pages))
            : blocks.make(number, LiveSnapshot.this::pages);
      } catch (IOException e) {
        if (copy != null) {
          return copied(number); // it was completed at this moment
        }
        lose(e);
        throw e;
      }
    }

    private ByteBuffer copied(int number) throws IOException {
      ByteRangeSource open = file;
      Path there = copy;
      if (open == null) {
        if (there == null) {
          throw new GoneException();
        }
        open = ByteRangeSource.ofFile(there);
        file = open;
      }
      return ByteBuffer.wrap(open.read(layout.blockStart(number), layout.blockLength(number)));
    }

    @Override
    public void close() {
      ByteRangeSource open = file;
      file = null;
      try {
        if (open != null) {
          open.close();
        }
      } catch (IOException e) {
        LOG.debug("a copy of a snapshot could not be closed: {}", e.toString());
      }
    }
  }

  private void lose(IOException why) {
    synchronized (reading) {
      if (lost == null && image != null) {
        lost = why;
      }
    }
  }

  private void pages(long first, int count, ByteBuffer target) throws IOException {
    synchronized (reading) {
      DatabaseImage open = image;
      if (open == null || lost != null) {
        throw new GoneException();
      }
      open.read(first, count, target);
    }
  }

  /**
   * What the source uses of the disk for the image.
   *
   * @throws IOException if the source had to let go of it
   */
  public long heldBytes() throws IOException {
    synchronized (reading) {
      DatabaseImage open = image;
      if (open == null) {
        return 0;
      }
      if (lost == null) {
        try {
          return open.heldBytes();
        } catch (IOException e) {
          lost = e;
        }
      }
      throw lost;
    }
  }

  /** There is a copy, from which is read from now on; lets go of the image. */
  public void copied(Path file) throws IOException {
    copy = file;
    close();
  }

  /** Lets go of the image. Repeatable. */
  @Override
  public void close() throws IOException {
    DatabaseImage open;
    synchronized (reading) {
      open = image;
      image = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
