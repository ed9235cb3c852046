package dev.stream.source.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A store's file from when H2 has locked it until H2 closes it: its size, and the images of it that
 * are pinned. Its size changes, and images are pinned and kept right, with the commit lock held.
 */
final class OpenStore {

  private final Path path;
  // Taken within the commit lock, and nothing within it: whoever reads or closes an image may hold
  // locks for which a commit waits.
  private final Object pinning = new Object();
  private final FileReader forCommits;
  private final FileReader forImages;
  private final List<PinnedImage> images = new ArrayList<>();
  private long size;
  private boolean closed;

  OpenStore(Path path, long size) throws IOException {
    this.path = path;
    this.size = size;
    this.forCommits = new FileReader(path);
    this.forImages = new FileReader(path);
  }

  Path path() {
    return path;
  }

  /** Bytes in the file. */
  long size() {
    return size;
  }

  void resized(long newSize) {
    size = newSize;
  }

  /** The database's size in pages. */
  long pages() {
    return Pages.count(size);
  }

  /** What a source would resume from, which says no more than how large the file was. */
  static String position(long size) {
    return "size=" + size;
  }

  /** Fixes an image of the file as it is now. */
  PinnedImage pin(long txId) {
    PinnedImage image = new PinnedImage(this, pinning, txId, pages(), position(size));
    synchronized (pinning) {
      images.add(image);
    }
    return image;
  }

  /** These pages are about to change, or to be cut off. */
  void preserve(long firstId, long lastId) {
    synchronized (pinning) {
      for (PinnedImage image : images) {
        image.preserve(firstId, lastId);
      }
    }
  }

  /** Reads pages, as many as fill {@code target}. */
  void readForCommit(long pageId, ByteBuffer target) throws IOException {
    forCommits.read(Pages.offsetOf(pageId), target);
  }

  /** Reads without the commit lock; what is read may be in the midst of being overwritten. */
  void readForImage(long offset, ByteBuffer target) throws IOException {
    forImages.read(offset, target);
  }

  /** With the images' lock held. */
  void unpin(PinnedImage image) throws IOException {
    images.remove(image);
    closeIfUnused();
  }

  /** H2 closes the file. Images of it can be read until it is opened again. */
  void close() throws IOException {
    synchronized (pinning) {
      closed = true;
      forCommits.close();
      closeIfUnused();
    }
  }

  /** The file is about to be opened and written again. */
  void loseImages() throws IOException {
    synchronized (pinning) {
      images.forEach(image -> image.lose("the database was closed and opened again meanwhile"));
      images.clear();
      closeIfUnused();
    }
  }

  private void closeIfUnused() throws IOException {
    if (closed && images.isEmpty()) {
      forImages.close();
    }
  }
}
