package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.cli.StreamProcess.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What restore and verify say of a replica that is not as it was written. */
class DamagedReplicaIT {

  @TempDir static Path origin;
  @TempDir Path folder;

  private static List<Path> segments;
  private Path replica;
  private Path target;

  @BeforeAll
  static void replicate() throws Exception {
    try (Shop shop = new Shop(origin)) {
      shop.replicate(3);
      segments = shop.segments();
    }
  }

  @BeforeEach
  void copy() throws IOException {
    replica = Shop.copyOf(origin.resolve("replica"), folder.resolve("replica"));
    target = folder.resolve("restored.db");
  }

  private Path segment(int index) {
    return replica.resolve(origin.resolve("replica").relativize(segments.get(index)).toString());
  }

  private Result restore(String... more) throws Exception {
    String[] args = new String[5 + more.length];
    args[0] = "restore";
    args[1] = "--from";
    args[2] = replica.toString();
    args[3] = "--output";
    args[4] = target.toString();
    System.arraycopy(more, 0, args, 5, more.length);
    return StreamProcess.run(args);
  }

  private void isRefused(String reason) throws Exception {
    Result restore = restore();
    assertThat(restore.exit()).isEqualTo(1);
    assertThat(restore.err()).contains(reason).doesNotContain("\tat ");
    assertThat(target).doesNotExist();
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("restored"));
    Result verify = StreamProcess.run("verify", "--from", replica.toString());
    assertThat(verify.exit()).isEqualTo(1);
    assertThat(verify.out()).contains("NOT SOUND").contains("recovery is possible up to");
  }

  @Test
  void theUndamagedOneIsRestored() throws Exception {
    assertThat(restore().exit()).isZero();
    assertThat(StreamProcess.run("verify", "--from", replica.toString()).exit()).isZero();
  }

  @Test
  void aFlippedBitIsNamed() throws Exception {
    byte[] bytes = Files.readAllBytes(segment(1));
    bytes[new Random(1).nextInt(bytes.length / 2) + bytes.length / 4] ^= 4;
    Files.write(segment(1), bytes);
    isRefused(segment(1).getFileName().toString());
  }

  @Test
  void aTruncatedArtefactIsNamed() throws Exception {
    byte[] bytes = Files.readAllBytes(segment(1));
    Files.write(segment(1), Arrays.copyOf(bytes, bytes.length - 100));
    isRefused(segment(1).getFileName().toString());
  }

  @Test
  void aMissingMiddleSegmentIsAGap() throws Exception {
    Files.delete(segment(1));
    isRefused("lacks transactions");
    Result older = restore("--accept-older");
    assertThat(older.exit()).as(older.err()).isZero();
  }

  @Test
  void aFutureFormatVersionIsSaidToBeOne() throws Exception {
    byte[] bytes = Files.readAllBytes(segment(2));
    bytes[8] = 2;
    Files.write(segment(2), bytes);
    isRefused("version 2");
  }

  @Test
  void anExistingTargetIsLeftUnlessForced() throws Exception {
    Files.writeString(target, "precious");
    Result refused = restore();
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("exists").contains("--force");
    assertThat(target).hasContent("precious");
    Files.delete(segment(1));
    assertThat(restore("--force").exit()).isEqualTo(1);
    assertThat(target).hasContent("precious");
    Files.copy(segments.get(1), segment(1));
    assertThat(restore("--force").exit()).isZero();
    assertThat(Files.size(target)).isGreaterThan(4096);
  }

  @Test
  void theTargetsFolderHasToExist() throws Exception {
    target = folder.resolve("missing/restored.db");
    Result refused = restore();
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("does not exist").contains("mkdir -p");
    assertThat(folder.resolve("missing")).doesNotExist();
  }

  @Test
  void oneTransactionCanBeRestoredAndOneThatIsNotThereCannot() throws Exception {
    assertThat(restore("--tx", "1").exit()).isZero();
    Files.delete(target);
    Result none = restore("--tx", "4711");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).contains("4711").contains("newest state is");
  }

  @Test
  void listShowsTheGapWithoutReading() throws Exception {
    Files.delete(segment(1));
    Result list = StreamProcess.run("list", "--from", replica.toString());
    assertThat(list.exit()).isZero();
    assertThat(list.out())
        .contains("cannot be restored to its newest state")
        .contains("2 segments");
    Result json = StreamProcess.run("list", "--from", replica.toString(), "--json");
    assertThat(json.out()).contains("\"restorableTxId\"").contains("\"problem\"");
  }
}
