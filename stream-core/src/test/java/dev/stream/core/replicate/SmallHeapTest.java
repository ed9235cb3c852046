package dev.stream.core.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage;
import dev.stream.core.capture.ImageDifferences;
import dev.stream.core.shadow.DatabaseState;
import dev.stream.core.shadow.PageHashTable;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.shadow.TableSlots;
import dev.stream.core.state.GenerationId;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The page hashes of a database of 100 GiB, and its comparison with them, in a heap of 64 MiB. */
final class SmallHeapTest {

  private static final long PAGES = 25L << 20; // of 4 KiB

  @TempDir Path folder;

  @Test
  void theHashesOfAHundredGibibytesNeedAHeapOf64Mebibytes() throws Exception {
    Path output = folder.resolve("output");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Child.class.getName(),
                folder.resolve("shadow").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(child.waitFor()).as(Files.readString(output)).isZero();
    } finally {
      child.destroyForcibly();
    }
    assertThat(Files.readString(output)).contains("3 pages differ").contains("it is the table");
  }

  private static String classPath() {
    return Stream.of(
            Child.class,
            PageHashTable.class,
            DatabaseImage.class,
            LoggerFactory.class,
            org.jspecify.annotations.Nullable.class)
        .map(SmallHeapTest::place)
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The folder or archive that a class is from, also if it is patched into a module. */
  private static String place(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    URL url = type.getResource("/" + name);
    String text = String.valueOf(url);
    if (text.startsWith("jar:")) {
      return Path.of(URI.create(text.substring(4, text.indexOf('!')))).toString();
    }
    return Path.of(URI.create(text.substring(0, text.length() - name.length()))).toString();
  }

  /** Fills a table, writes it back, and compares it with a sparse image. */
  static final class Child {

    private Child() {}

    public static void main(String[] args) throws Exception {
      GenerationId generation = new GenerationId("0000000000000001-00000000");
      try (ShadowDirectory directory = ShadowDirectory.open(Path.of(args[0]))) {
        TableSlots slots = new TableSlots(directory);
        PageHashTable table = slots.fresh();
        for (long id = 1; id <= PAGES; id++) {
          table.set(id, id * 0x9E3779B97F4A7C15L);
        }
        long full = table.checksum();
        for (long id = 1; id <= PAGES; id += 100_003) {
          long every = table.get(id);
          table.set(id, 1);
          table.set(id, every);
        }
        DatabaseState state = DatabaseState.of(7, full, 512, PAGES, "");
        table.writeBack(generation, state);
        slots.adopted();
        System.out.println(table.checksum() == full ? "it is the table" : "it is another");
        table.truncate(0);
        for (long id : List.of(5L, PAGES / 2, PAGES - 1)) {
          table.set(id, 1);
        }
        ImageDifferences found =
            ImageDifferences.between(new ZeroImage(PAGES), table, new ReentrantLock());
        System.out.println(found.pages().size() + " pages differ");
        table.close();
      }
    }
  }

  /** A database of zeros. */
  private record ZeroImage(long highWaterMark) implements DatabaseImage {

    @Override
    public long txId() {
      return 8;
    }

    @Override
    public int pageSize() {
      return 512;
    }

    @Override
    public String position() {
      return "p";
    }

    @Override
    public void read(long firstPageId, int count, ByteBuffer target) {
      target.position(target.position() + count * 512);
    }

    @Override
    public void close() {}
  }
}
