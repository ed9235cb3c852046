package dev.stream.api.replica.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.support.FolderListing.Content;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** The order of a walk, and which folders it leaves out. */
final class FolderListingTest {

  /** Folders end with a slash. */
  private static final Map<String, List<String>> TREE =
      Map.of(
          "", List.of("b", "a/", "a0", "a-", ".stream~1", "with space", "z/", "lost+found/"),
          "a/", List.of("y/", "x"),
          "a/y/", List.of("2", "1"));

  private final List<String> visited = new ArrayList<>();
  private final List<String> matter = new ArrayList<>();

  private void read(String folder, Content content) throws IOException {
    visited.add(folder);
    if (folder.equals("z/") && matter.contains("fail")) {
      throw new IOException("told to fail");
    }
    for (String each : TREE.getOrDefault(folder, List.of())) {
      String name = each.replace("/", "");
      if (content.canMatter(name)) {
        matter.add(name);
      }
      if (each.endsWith("/")) {
        content.addFolder(name);
      } else {
        content.addFile(name, name.length(), Instant.EPOCH);
      }
    }
  }

  private List<String> keys(String prefix, String start) throws IOException {
    visited.clear();
    List<String> keys = new ArrayList<>();
    try (FolderListing listing = new FolderListing(this::read, prefix, start)) {
      while (listing.hasNext()) {
        ObjectInfo info = listing.next();
        String key = info.key().value();
        assertThat(info.size()).isEqualTo(key.length() - key.lastIndexOf('/') - 1);
        keys.add(key);
      }
      assertThatThrownBy(listing::next).isInstanceOf(NoSuchElementException.class);
    }
    return keys;
  }

  @Test
  void objectsAscendByTheirKeysAndNothingElseIsListed() throws Exception {
    assertThat(keys("", "")).containsExactly("a-", "a/x", "a/y/1", "a/y/2", "a0", "b");
    assertThat(visited).containsExactly("", "a/", "a/y/", "z/");
    assertThat(matter).containsExactly("b", "a", "a0", "a-", "z", "y", "x", "2", "1");
  }

  @Test
  void onlyFoldersThatCanHoldThePrefixAreRead() throws Exception {
    assertThat(keys("a/y/", "")).containsExactly("a/y/1", "a/y/2");
    assertThat(visited).containsExactly("", "a/", "a/y/");
    assertThat(keys("a", "")).containsExactly("a-", "a/x", "a/y/1", "a/y/2", "a0");
    assertThat(keys("a/x", "a/")).containsExactly("a/x");
    assertThat(visited).containsExactly("a/");
    assertThat(keys("no such/x", "no such/")).isEmpty();
    assertThat(visited).isEmpty();
  }

  @Test
  void aFolderThatCannotBeReadIsNotPassedOver() throws Exception {
    matter.add("fail");
    try (FolderListing listing = new FolderListing(this::read, "", "")) {
      for (int i = 0; i < 6; i++) {
        listing.next();
      }
      assertThatThrownBy(listing::hasNext).hasMessage("told to fail");
    }
  }

  @Test
  void nothingIsReadOnceItIsClosed() throws Exception {
    FolderListing listing = new FolderListing(this::read, "", "");
    assertThat(listing.hasNext()).isTrue();
    listing.close();
    assertThat(listing.hasNext()).isFalse();
    assertThat(visited).containsExactly("");
  }
}
