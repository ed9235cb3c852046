package dev.stream.replica.sftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.support.FolderListing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.schmizz.sshj.sftp.FileAttributes;
import net.schmizz.sshj.sftp.FileMode;
import org.junit.jupiter.api.Test;

/** The order of a walk, and which folders it leaves out. */
final class RemoteFolderReaderTest {

  private static final Map<String, List<RemoteFolderReader.Entry>> TREE =
      Map.of(
          "",
          List.of(
              file("b"),
              folder("a"),
              file("a0"),
              file("a-"),
              file(".stream~1-2"),
              entry("link", FileMode.Type.SYMLINK),
              entry("pipe", FileMode.Type.FIFO_SPECIAL),
              file("name with spaces"),
              folder("z"),
              folder("lost+found")),
          "a/",
          List.of(folder("y"), file("x")),
          "a/y/",
          List.of(file("2"), file("1")),
          "z/",
          List.of());

  private final List<String> visited = new ArrayList<>();

  private static RemoteFolderReader.Entry file(String name) {
    return entry(name, FileMode.Type.REGULAR);
  }

  private static RemoteFolderReader.Entry folder(String name) {
    return entry(name, FileMode.Type.DIRECTORY);
  }

  private static RemoteFolderReader.Entry entry(String name, FileMode.Type type) {
    return new RemoteFolderReader.Entry(
        name, new FileAttributes.Builder().withSize(7).withType(type).withAtimeMtime(1, 2).build());
  }

  private List<String> keys(String prefix) throws IOException {
    visited.clear();
    List<String> keys = new ArrayList<>();
    try (FolderListing listing =
        new FolderListing(
            (folder, content) -> {
              visited.add(folder);
              RemoteFolderReader.add(TREE.getOrDefault(folder, List.of()), content);
            },
            prefix,
            "")) {
      while (listing.hasNext()) {
        ObjectInfo info = listing.next();
        assertThat(info.size()).isEqualTo(7);
        assertThat(info.modifiedAt().getEpochSecond()).isEqualTo(2);
        keys.add(info.key().value());
      }
    }
    return keys;
  }

  @Test
  void objectsAscendByTheirKeysAndNothingElseIsListed() throws Exception {
    assertThat(keys("")).containsExactly("a-", "a/x", "a/y/1", "a/y/2", "a0", "b");
    assertThat(visited).containsExactly("", "a/", "a/y/", "z/");
  }

  @Test
  void onlyFoldersThatCanHoldThePrefixAreRead() throws Exception {
    assertThat(keys("a/y/")).containsExactly("a/y/1", "a/y/2");
    assertThat(visited).containsExactly("", "a/", "a/y/");
    assertThat(keys("a0")).containsExactly("a0");
    assertThat(visited).isEqualTo(Arrays.asList(""));
    assertThat(keys("a/x")).containsExactly("a/x");
    assertThat(visited).containsExactly("", "a/");
  }

  @Test
  void timesAreUnsigned() {
    FileAttributes late = new FileAttributes.Builder().withAtimeMtime(0, 0xffff_fffeL).build();
    assertThat(RemoteFolderReader.modifiedAt(late).getEpochSecond()).isEqualTo(4_294_967_294L);
    FileAttributes signed = new FileAttributes.Builder().withAtimeMtime(0, -2).build();
    assertThat(RemoteFolderReader.modifiedAt(signed))
        .isEqualTo(RemoteFolderReader.modifiedAt(late));
  }
}
