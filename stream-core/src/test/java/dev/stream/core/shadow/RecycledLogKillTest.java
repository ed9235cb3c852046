package dev.stream.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.PageFlush;
import dev.stream.api.database.PageFrame;
import dev.stream.core.checksum.PageHash;
import dev.stream.core.state.GenerationId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/**
 * A process is killed while it writes logs over one another: each append that returned is there,
 * and of what came after at most the one that was under way, whole.
 */
final class RecycledLogKillTest {

  private static final int PAGE = 4096;
  private static final int KILLS = 6;
  private static final int APPENDS_OF_A_LOG = 40;
  private static final GenerationId GENERATION = new GenerationId("0000000000000001-00000000");

  @TempDir Path folder;

  @Test
  void whatWasAppendedIsThereAndNothingElse() throws Exception {
    Random random = new Random();
    int recycled = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Path place = Files.createDirectory(folder.resolve("kill-" + kill));
      long acknowledged = runAndKill(place, 1 + random.nextInt(2_000));
      recycled += check(place.resolve("active"), acknowledged) ? 1 : 0;
    }
    assertThat(recycled).as("logs with remains of a former one").isPositive();
  }

  /** Returns the last transaction whose append returned. */
  private static long runAndKill(Path place, int appends) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Child.class.getName(),
                place.toString())
            .redirectError(place.resolveSibling(place.getFileName() + ".err").toFile())
            .start();
    long last = 0;
    try (DataInputStream told = new DataInputStream(child.getInputStream())) {
      while (last < appends) {
        last = told.readLong();
      }
      child.toHandle().destroyForcibly(); // the process would close what it has told
      while (true) {
        last = told.readLong();
      }
    } catch (EOFException e) {
      return last;
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  /** Returns whether there was something after the newest record. */
  private static boolean check(Path active, long acknowledged) throws IOException {
    long reached = 0;
    boolean remains = false;
    if (logs(active).isEmpty()) { // killed between two logs: the child takes the former for sealed
      assertThat(acknowledged % APPENDS_OF_A_LOG).isZero();
      return false;
    }
    for (Path log : logs(active)) {
      try (LogReader reader = LogReader.open(log)) {
        long end = 0;
        reached = Math.max(reached, reader.state().txId());
        List<Long> wrong = new ArrayList<>(); // pages of the record under way, which may be torn
        LogRecord record;
        while ((record =
                reader.next(
                    (id, offset, data, at, length) -> {
                      if (!isRight(id, data, at, length)) {
                        wrong.add(id);
                      }
                    }))
            != null) {
          assertThat(wrong).as("pages of a whole record, %d", record.txId()).isEmpty();
          reached = record.txId();
          end = record.end();
        }
        remains = end > 0 && end < Files.size(log);
      }
    }
    assertThat(reached).isBetween(acknowledged, acknowledged + 1);
    return remains;
  }

  private static List<Path> logs(Path active) throws IOException {
    try (Stream<Path> files = Files.list(active)) {
      return files.sorted().toList();
    }
  }

  /** A page says at its start which transaction it is of, and all else follows from that. */
  private static boolean isRight(long id, byte[] data, int at, int length) {
    byte[] page = Arrays.copyOfRange(data, at, at + length);
    return Arrays.equals(page, page(ByteBuffer.wrap(page).getLong(), id));
  }

  private static byte[] page(long txId, long id) {
    byte[] bytes = new byte[PAGE];
    new Random(txId * 31 + id).nextBytes(bytes);
    ByteBuffer.wrap(bytes).putLong(txId);
    return bytes;
  }

  private static String classPath() {
    return String.join(
        File.pathSeparator,
        Stream.of(Child.class, ShadowDirectory.class, PageFlush.class, Logger.class, Nullable.class)
            .map(RecycledLogKillTest::place)
            .distinct()
            .toList());
  }

  /** The folder or archive that a class is from, also if it is patched into a module. */
  private static String place(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String text = String.valueOf(type.getResource("/" + name));
    String archive = text.startsWith("jar:") ? text.substring(4, text.indexOf('!')) : "";
    return Path.of(
            URI.create(
                archive.isEmpty() ? text.substring(0, text.length() - name.length()) : archive))
        .toString();
  }

  /** Appends until it is killed, and tells each append that returned. */
  static final class Child {

    private Child() {}

    public static void main(String[] args) throws Exception {
      DataOutputStream told = new DataOutputStream(System.out);
      ShadowDirectory directory = ShadowDirectory.open(Path.of(args[0]));
      PageHashTable table = new PageHashTable();
      for (long txId = 0; ; ) {
        DatabaseState parent = DatabaseState.of(txId, table.checksum(), PAGE, 90, "");
        ActiveLog log = directory.createLog(GENERATION, parent, null, false);
        for (int i = 0; i < APPENDS_OF_A_LOG; i++) {
          log.append(flush(++txId), table, Instant.now());
          told.writeLong(txId);
          told.flush();
        }
        log.close();
        directory.spend(
            new ClosedLog(
                log.file(), GENERATION, parent.txId(), log.last(), log.length(), Instant.now()));
      }
    }

    private static PageFlush flush(long txId) {
      int pages = 1 + (int) (PageHash.of(txId, page(txId, 1), 0, PAGE) & 3);
      long first = 1 + txId % 80;
      ByteBuffer bytes = ByteBuffer.allocate(pages * PAGE);
      for (int i = 0; i < pages; i++) {
        bytes.put(page(txId, first + i));
      }
      bytes.flip();
      return new PageFlush(
          txId,
          txId,
          PAGE,
          90,
          "",
          frames -> frames.accept(new PageFrame(first, pages - 1, bytes)));
    }
  }
}
