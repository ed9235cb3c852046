package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.Continuity;
import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFlushObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a file of what is captured, as a restore would, and has bbolt judge the file at every
 * transaction that was captured: it opens, its check finds nothing, and what it holds is kept to be
 * compared with what the writer had.
 */
final class StateJudge implements PageFlushObserver, AutoCloseable {

  private final Path file;
  private final BoltWriter bbolt = BoltWriter.judge();
  private final FileChannel channel;
  private final Map<String, String> found = new LinkedHashMap<>();
  private final List<String> bases = new ArrayList<>();
  private int pageSize;
  private int judged;

  StateJudge(Path file) throws IOException {
    this.file = file;
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @Override
  public synchronized void onPageFlush(PageFlush flush) throws IOException {
    assertThat(flush.pageSize()).isEqualTo(pageSize);
    channel.truncate(flush.highWaterMark() * pageSize);
    flush.frames().forEach(frame -> channel.write(frame.data(), (frame.id() - 1) * pageSize));
    judge(flush.highWaterMark());
  }

  @Override
  public synchronized void onBase(DatabaseImage image, Continuity continuity) throws IOException {
    try (image) {
      pageSize = image.pageSize();
      channel.truncate(0);
      ByteBuffer page = ByteBuffer.allocate(pageSize);
      for (long id = 1; id <= image.highWaterMark(); id++) {
        page.clear();
        image.read(id, 1, page);
        channel.write(page.flip(), (id - 1) * pageSize);
      }
      bases.add(continuity.reason());
      judge(image.highWaterMark());
    }
  }

  private void judge(long pages) throws IOException {
    long size = pages * pageSize;
    assertThat(channel.size()).isLessThanOrEqualTo(size);
    if (channel.size() < size) {
      channel.write(ByteBuffer.allocate(1), size - 1); // Pages that nobody delivers are zeros.
    }
    new BoltDatabaseProvider().check(file, true);
    String[] answer = bbolt.check(file).split(" ", -1);
    found.put(answer[0], answer[1]);
    judged++;
  }

  /** What was found at each transaction has to be what the writer had, when it committed that. */
  synchronized void assertCommitted(Map<String, Set<String>> digests) {
    found.forEach(
        (txId, digest) ->
            assertThat(digest)
                .as("content at transaction " + txId)
                .isIn(digests.getOrDefault(txId, Set.of())));
    found.clear();
  }

  /** That the file is another one's, byte by byte. */
  synchronized void assertIs(byte[] expected) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    assertThat(bytes.length).isEqualTo(expected.length);
    for (int page = 0; page < bytes.length / pageSize; page++) {
      int from = page * pageSize;
      assertThat(ByteBuffer.wrap(bytes, from, pageSize))
          .as("page " + page)
          .isEqualTo(ByteBuffer.wrap(expected, from, pageSize));
    }
  }

  /** What is captured can be written on by a program. */
  synchronized void assertGoesOn() throws IOException {
    Path copy = file.resolveSibling("goes-on.db");
    Files.write(copy, Files.readAllBytes(file));
    bbolt.ask("goon " + copy);
    Files.delete(copy);
  }

  synchronized int judged() {
    return judged;
  }

  synchronized List<String> bases() {
    return List.copyOf(bases);
  }

  @Override
  public void onNotice(String message) {}

  @Override
  public void onTrouble(String message) {}

  @Override
  public void onRecovered() {}

  @Override
  public void close() throws IOException {
    channel.close();
    bbolt.close();
  }
}
