package dev.stream.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps the database that the flushes describe, in memory, and checks every rule of a flush. */
final class Replay implements PageFlushObserver {

  final List<String> notices = new ArrayList<>();
  final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
  final List<Continuity> bases = new ArrayList<>();
  byte[] bytes = new byte[0];
  int pageSize;
  long txId = -1;
  String position = "";
  long flushes;
  long pages;
  RuntimeException failNext;

  @Override
  public synchronized void onPageFlush(PageFlush flush) throws IOException {
    if (failNext != null) {
      RuntimeException failure = failNext;
      failNext = null;
      throw new IOException(failure);
    }
    if (txId >= 0) {
      assertThat(flush.firstTxId()).isEqualTo(txId + 1);
      if (pageSize != 0) {
        assertThat(flush.pageSize()).isEqualTo(pageSize);
      }
    }
    pageSize = flush.pageSize();
    int size = Math.toIntExact(flush.highWaterMark() * pageSize);
    bytes = Arrays.copyOf(bytes, size);
    long[] last = {0};
    flush
        .frames()
        .forEach(
            frame -> {
              assertThat(frame.id()).isGreaterThan(last[0]);
              assertThat(frame.lastId()).isLessThanOrEqualTo(flush.highWaterMark());
              assertThat(frame.data().remaining()).isEqualTo(frame.pages() * flush.pageSize());
              frame
                  .data()
                  .duplicate()
                  .get(bytes, (int) ((frame.id() - 1) * pageSize), frame.pages() * pageSize);
              last[0] = frame.lastId();
              pages += frame.pages();
            });
    txId = flush.txId();
    position = flush.position();
    flushes++;
  }

  @Override
  public synchronized void onBase(DatabaseImage image, Continuity continuity) throws IOException {
    byte[] read = read(image);
    image.close();
    if (continuity.proven()) {
      assertThat(image.txId()).isEqualTo(txId);
      assertThat(read).as("image at a proven position").isEqualTo(bytes);
    } else {
      assertThat(image.txId()).isGreaterThan(txId);
    }
    bytes = read;
    pageSize = image.pageSize();
    txId = image.txId();
    position = image.position();
    bases.add(continuity);
  }

  static byte[] read(DatabaseImage image) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) image.highWaterMark() * image.pageSize());
    for (long page = 1; page <= image.highWaterMark(); page += 7) {
      image.read(page, (int) Math.min(7, image.highWaterMark() - page + 1), all);
    }
    return all.array();
  }

  @Override
  public synchronized void onNotice(String message) {
    notices.add(message);
  }

  @Override
  public void onTrouble(String message) {
    troubles.add(message);
  }

  @Override
  public void onRecovered() {
    troubles.clear();
  }
}
