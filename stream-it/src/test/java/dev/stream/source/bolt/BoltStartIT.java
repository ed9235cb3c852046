package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.ConfigFile;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.cli.StreamProcess.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What became of a file while Stream did not run, and files that are none. */
final class BoltStartIT {

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path database;

  @SuppressWarnings("NullAway.Init")
  private Path replica;

  @SuppressWarnings("NullAway.Init")
  private Path config;

  @BeforeEach
  void configure() throws IOException {
    database = folder.resolve("state.db");
    replica = Files.createDirectory(folder.resolve("replica"));
    config =
        new ConfigFile(database, folder.resolve("shadow"))
            .set("database", Map.of("type", "bolt", "path", database.toString()))
            .folder(replica)
            .write(folder.resolve("stream.json"));
  }

  private void write(String... commands) throws IOException {
    try (BoltWriter writer = BoltWriter.open(database, "-nosync")) {
      for (String command : commands) {
        writer.ask(command);
      }
    }
  }

  /** Stream starts, captures what there is, and ends; the replica has it. */
  private void assertReplicated(String... options) throws Exception {
    String[] all = new String[options.length + 3];
    all[0] = "replicate";
    all[1] = "--config";
    all[2] = config.toString();
    System.arraycopy(options, 0, all, 3, options.length);
    try (StreamProcess stream = StreamProcess.start(all)) {
      stream.awaitReady();
      Result ended = stream.terminate();
      assertThat(ended.exit()).as(ended.err()).isZero();
    }
    Path restored = folder.resolve("restored.db");
    Result restore =
        StreamProcess.run("restore", "--from", replica.toString(), "--output", restored.toString());
    assertThat(restore.exit()).as(restore.err()).isZero();
    try (BoltWriter bbolt = BoltWriter.judge()) {
      assertThat(bbolt.check(restored)).isEqualTo(bbolt.check(database));
    }
    Files.delete(restored);
  }

  private void assertRefused(String... texts) throws Exception {
    Result refused = StreamProcess.run("replicate", "--config", config.toString());
    assertThat(refused.exit()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains(texts)
        .contains(database.toString())
        .doesNotContain("Exception", "\tat ", "ready");
  }

  /** So large that content which has nothing in common with the former one is objected to. */
  @Test
  void aFileOfWhichEveryPageWasWrittenAnewGoesOn() throws Exception {
    write("anew 1 1");
    assertReplicated();
    write("touch 2", "touch 3");
    assertReplicated();
  }

  @Test
  void aFileThatHasNothingOfWhatItHadIsRefused() throws Exception {
    write("anew 1 1");
    assertReplicated();
    write("anew 2 1", "anew 3 1");
    assertRefused("no page that tells anything is what it was", "--accept-new-generation");
    assertReplicated("--accept-new-generation");
  }

  @Test
  void aFileThatWasMadeAnewUnderTheSameNumberIsRefused() throws Exception {
    write("anew 1 1", "anew 2 1", "anew 3 1");
    assertReplicated();
    Path other = folder.resolve("other.db");
    try (BoltWriter writer = BoltWriter.open(other)) {
      writer.ask("anew 4 1");
    }
    Files.write(database, Files.readAllBytes(other)); // The file stays the same one.
    assertRefused("it is no later state of it", "--accept-new-generation", "stream restore");
    assertReplicated("--accept-new-generation");
  }

  @Test
  void aCompactedFileIsRefusedUntilSomebodyAcceptsIt() throws Exception {
    write("anew 1 1", "small 500"); // Many more transactions than a compacted file begins with.
    assertReplicated();
    write("compact");
    List<Path> before = files();
    assertRefused("no page that tells anything is what it was", "--accept-new-generation");
    assertThat(files()).isEqualTo(before);
    assertReplicated("--accept-new-generation");
    write("commit 5");
    assertReplicated();
  }

  private List<Path> files() throws IOException {
    try (var files = Files.walk(replica)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text, is no bolt database: bolt's mark is not there",
    "empty, is empty",
    "missing, is missing: there is no bolt database",
    "truncated, is truncated: page",
    "metas, neither of its two meta pages is sound (page 0: its checksum is wrong",
    "page size, is truncated: page",
    "odd page size, 'its page size is 5000, and Stream takes 4096 to 65536 bytes'"
  })
  void aFileThatIsNoSoundOneIsRefusedInPlainWords(String kind, String text) throws Exception {
    write("anew 1 1");
    damage(kind);
    assertRefused(text);
    assertThat(files()).isEmpty();
  }

  private void damage(String kind) throws IOException {
    switch (kind) {
      case "text" -> Files.writeString(database, "no database ".repeat(2000));
      case "empty" -> Files.write(database, new byte[0]);
      case "missing" -> Files.delete(database);
      case "truncated" -> {
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
          channel.truncate(channel.size() / 4);
        }
      }
      case "metas" -> {
        patch(16 + 48, 1);
        patch(4096 + 16 + 48, 1);
      }
      case "page size" -> pageSize(65536);
      case "odd page size" -> pageSize(5000);
      default -> throw new AssertionError(kind);
    }
  }

  /** Both metas say so, and their checksums are right. */
  private void pageSize(int size) throws IOException {
    byte[] bytes = Files.readAllBytes(database);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at : new int[] {0, 4096}) {
      file.putInt(at + 24, size);
      long hash = 0xcbf29ce484222325L;
      for (int i = at + 16; i < at + 72; i++) {
        hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
      }
      file.putLong(at + 72, hash);
    }
    Files.write(database, bytes);
  }

  private void patch(long at, int value) throws IOException {
    try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(4).putInt(0, value), at);
    }
  }
}
