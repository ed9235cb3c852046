package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a file is no sound database is found, and said. */
final class CheckTest {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path file;

  @SuppressWarnings("NullAway.Init")
  private BoltMeta meta;

  @BeforeEach
  void restored() throws IOException {
    file = Files.write(folder.resolve("restored.db"), Fixture.bytes("canonical"));
    meta = Fixture.meta(file);
  }

  private void assertFound(String text) {
    assertThatThrownBy(() -> new BoltDatabaseProvider().check(file, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(text)
        .hasMessageContaining(file.toString());
  }

  private int shortAt(long at) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file))
        .order(ByteOrder.LITTLE_ENDIAN)
        .getShort((int) at);
  }

  /** A page of a type with at least so many elements. */
  private long page(int type, int elements) throws IOException {
    for (long page = 2; page < meta.highWaterMark(); page++) {
      long at = page * Fixture.PAGE;
      if (Fixture.longAt(file, at) == page
          && shortAt(at + 8) == type
          && shortAt(at + 10) >= elements) {
        return page;
      }
    }
    throw new AssertionError("no page of type " + type);
  }

  @Test
  void aSoundOneIsLeftAsItIs() throws Exception {
    byte[] before = Files.readAllBytes(file);
    assertThatCode(() -> new BoltDatabaseProvider().check(file, true)).doesNotThrowAnyException();
    assertThat(file).hasBinaryContent(before);
    assertThat(folder.toFile().list()).hasSize(1);
  }

  @Test
  void aDamagedMeta() throws Exception {
    Fixture.patchLong(file, 40, 99);
    assertFound("meta page 0 of");
    Files.write(file, Fixture.bytes("canonical"));
    Fixture.patchLong(file, Fixture.PAGE + 40, 99);
    assertFound("meta page 1 of");
  }

  @Test
  void twoDamagedMetas() throws Exception {
    Fixture.patchLong(file, 40, 99);
    Fixture.patchInt(file, Fixture.PAGE + 20, 3);
    assertFound(
        "neither of its two meta pages is sound (page 0: its checksum is wrong; page 1: it is of"
            + " format version 3, not 2)");
  }

  @Test
  void noBoltFile() throws Exception {
    Files.write(file, "SQLite format 3 and much else".repeat(500).getBytes(StandardCharsets.UTF_8));
    assertFound("is no bolt database: bolt's mark is not there");
    Files.write(file, new byte[20]);
    assertFound("is no bolt database: the file ends before it");
    Files.write(file, new byte[0]);
    assertFound("is empty");
  }

  @Test
  void aBigEndianOne() throws Exception {
    ByteBuffer mark = ByteBuffer.allocate(4).putInt(0, 0xED0CDAED);
    Fixture.patch(file, 16, mark.duplicate());
    Fixture.patch(file, Fixture.PAGE + 16L, mark);
    assertFound("it was written by a big-endian machine");
  }

  @Test
  void anotherPageSize() throws Exception {
    BoltMeta large =
        new BoltMeta(131072, 0, meta.root(), 0, meta.freelist(), meta.highWaterMark(), meta.txId());
    ByteBuffer pages = large.firstPages();
    Fixture.patch(file, 0, pages.slice(0, 80));
    Fixture.patch(file, Fixture.PAGE, pages.slice(0, 80));
    assertFound("its page size is 131072, and Stream takes 4096 to 65536 bytes");
  }

  @Test
  void aTruncatedOne() throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2 + 17);
    }
    assertFound("is truncated: page");
  }

  @Test
  void aPageThatIsAnother() throws Exception {
    Fixture.patchLong(file, meta.root() * Fixture.PAGE, meta.root() + 1);
    assertFound("says that it is page " + (meta.root() + 1));
  }

  @Test
  void aPageThatIsFreeAndInUse() throws Exception {
    long entry = meta.freelist() * Fixture.PAGE + BoltMeta.PAGE_HEADER;
    Fixture.patchLong(file, entry, meta.root());
    assertFound("is in use and listed as free");
    Fixture.patchLong(file, entry, Fixture.longAt(file, entry + 8));
    assertFound("as free twice");
    Fixture.patchLong(file, entry, meta.highWaterMark());
    assertFound("as free, which is none");
  }

  @Test
  void aPageThatIsUsedTwice() throws Exception {
    long branch = page(PageRun.BRANCH, 2) * Fixture.PAGE;
    long child = Fixture.longAt(file, branch + 16 + 8);
    Fixture.patchLong(file, branch + 16 + 16 + 8, child);
    assertFound("has its key 0 out of order");
    try (BoltFile open = BoltFile.open(file)) {
      assertThatThrownBy(() -> new Walk(open, meta, (first, pages) -> {}, false).run())
          .hasMessage("page " + child + " of " + file + " is used in two places");
    }
  }

  @Test
  void aPageThatIsNotInTheFile() throws Exception {
    long branch = page(PageRun.BRANCH, 2) * Fixture.PAGE;
    Fixture.patchLong(file, branch + 16 + 8, meta.highWaterMark());
    assertFound("refers to page " + meta.highWaterMark() + ", which is not in it");
  }

  @Test
  void anElementThatReachesTooFar() throws Exception {
    long leaf = page(PageRun.LEAF, 3) * Fixture.PAGE;
    Fixture.patchInt(file, leaf + 16 + 12, 1 << 30);
    assertFound("that ends after its last byte");
  }

  @Test
  void keysOutOfOrder() throws Exception {
    long leaf = page(PageRun.LEAF, 5) * Fixture.PAGE;
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int element = (int) leaf + 16 + 3 * PageRun.ELEMENT;
    int key = element + in.getInt(element + 4);
    Fixture.patch(file, key, ByteBuffer.wrap(new byte[] {0}));
    assertFound("has its key 3 out of order");
  }

  @Test
  void aKeyThatThePageAboveDoesNotLeadTo() throws Exception {
    long branch = page(PageRun.BRANCH, 2) * Fixture.PAGE;
    long child = Fixture.longAt(file, branch + 16 + 16 + 8) * Fixture.PAGE;
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int element = (int) child + 16;
    Fixture.patch(file, element + in.getInt(element + 4), ByteBuffer.wrap(new byte[] {0}));
    assertFound("has its key 0 out of order");
  }
}
