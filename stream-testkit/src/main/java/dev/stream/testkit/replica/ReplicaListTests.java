package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.testkit.TestRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Listings are fresh and ordered, and prefixes are plain strings. */
abstract class ReplicaListTests extends ReplicaReadTests {

  /**
   * Where folder order, or an order that ignores case or punctuation, differs from that of keys.
   */
  private static final List<String> ORDERED =
      List.of(
          "-leading/a",
          ".hidden",
          "..double",
          "0/1",
          "A/b",
          "G/a",
          "_/a",
          "a-b/c",
          "a-c",
          "a.b/c",
          "a.c",
          "a/b-c",
          "a/b.c",
          "a/b/c",
          "a/b0",
          "a/bb/c",
          "a0/b",
          "aa/b",
          "b",
          "b-",
          "b.",
          "b0");

  @Test
  void aStoreWithoutObjectsListsNothing() throws Exception {
    assertThat(keys("")).isEmpty();
    assertThat(keys("g/")).isEmpty();
  }

  @Test
  void keysAscendByTheirCharacters() throws Exception {
    List<String> shuffled = new ArrayList<>(ORDERED);
    Collections.shuffle(shuffled, TestRun.random("order"));
    for (String key : shuffled) {
      put(key);
    }
    List<String> expected = ORDERED.stream().sorted().toList();
    assertThat(keys("")).isEqualTo(expected);
    for (String key : ORDERED) {
      assertThat(new String(read(key), java.nio.charset.StandardCharsets.UTF_8)).isEqualTo(key);
    }
  }

  @Test
  void aPrefixIsAPlainString() throws Exception {
    for (String key : ORDERED) {
      put(key);
    }
    List<String> prefixes = new ArrayList<>();
    for (String key : ORDERED) {
      for (int length = 1; length <= key.length(); length++) {
        prefixes.add(key.substring(0, length));
      }
    }
    prefixes.addAll(
        List.of("a//", "/", "./", "../", "a/../", "a/b/c/", "*", "%", "z", "a/b/cc", "A/B"));
    for (String prefix : prefixes) {
      List<String> expected =
          ORDERED.stream().filter(key -> key.startsWith(prefix)).sorted().toList();
      assertThat(keys(prefix)).as("listing of '" + prefix + "'").isEqualTo(expected);
    }
  }

  @Test
  void keysOfManyPartsAndOfTheGreatestLengthAreKept() throws Exception {
    String deep = "p/".repeat(255) + "q.";
    String wide = ("w".repeat(100) + "/").repeat(5) + "v".repeat(7);
    assertThat(deep).hasSize(512);
    assertThat(wide).hasSize(512);
    put(deep, TestBody.bytes(4, 100));
    put(wide, TestBody.bytes(5, 100));
    assertThat(keys("")).containsExactly(deep, wide);
    assertThat(read(deep)).isEqualTo(TestBody.bytes(4, 100));
    assertThat(read(wide)).isEqualTo(TestBody.bytes(5, 100));
    delete(List.of(deep, wide));
    assertThat(keys("")).isEmpty();
  }

  @Test
  void everyPutIsListedAsSoonAsItReturns() throws Exception {
    Replica other = openAnother();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String key = "g/segments/0/" + i % 3 + "-" + (char) ('z' - i);
      put(key);
      expected.add(key);
      Collections.sort(expected);
      assertThat(keys("g/")).isEqualTo(expected);
      assertThat(keys(other, key)).containsExactly(key);
    }
  }

  @Test
  void manyObjectsAreListedInOrderAndDeletedAtOnce() throws Exception {
    int threads = 8;
    List<Callable<Void>> writers = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < manyObjects(); i++) {
      expected.add(String.format("g/segments/%d/%08d", i % 2, i));
    }
    for (int t = 0; t < threads; t++) {
      int first = t;
      writers.add(
          () -> {
            for (int i = first; i < expected.size(); i += threads) {
              put(expected.get(i), TestBody.bytes(i, i % 100));
            }
            return null;
          });
    }
    together(writers);
    Collections.sort(expected);
    List<ObjectInfo> infos = infos(replica, "");
    assertThat(infos).extracting(info -> info.key().value()).isEqualTo(expected);
    for (ObjectInfo info : infos) {
      String key = info.key().value();
      assertThat(info.size())
          .as("size of " + key)
          .isEqualTo(Integer.parseInt(key.substring(key.lastIndexOf('/') + 1)) % 100);
    }
    assertThat(keys("g/segments/1/"))
        .isEqualTo(expected.stream().filter(k -> k.startsWith("g/segments/1/")).toList());

    // More than the thousand that some stores take in one request.
    List<String> doomed = new ArrayList<>(expected);
    doomed.remove("g/segments/0/00000000");
    for (int i = doomed.size(); i < 1500; i++) {
      doomed.add("g/absent/" + i);
    }
    Collections.shuffle(doomed, TestRun.random("delete"));
    delete(doomed);
    assertThat(keys("")).containsExactly("g/segments/0/00000000");
  }

  @Test
  void aListingMayBeAskedTwiceAndEndedEarly() throws Exception {
    put("g/a");
    put("g/b");
    try (ObjectListing listing = replica.list("g/")) {
      assertThat(listing.hasNext()).isTrue();
      assertThat(listing.hasNext()).isTrue();
      assertThat(listing.next().key()).isEqualTo(key("g/a"));
      assertThat(listing.next().key()).isEqualTo(key("g/b"));
      assertThat(listing.hasNext()).isFalse();
      assertThatThrownBy(listing::next).isInstanceOf(NoSuchElementException.class);
    }
    ObjectListing listing = replica.list("");
    listing.next();
    listing.close();
    listing.close();
    assertThat(keys("")).hasSize(2);
  }
}
