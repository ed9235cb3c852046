package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Removal, of what is there and of what is not. */
abstract class ReplicaDeleteTests extends ReplicaListTests {

  @Test
  void aDeletedObjectIsGoneAndItsNeighboursAreNot() throws Exception {
    List<String> neighbours = List.of("g/a-", "g/a0", "g/aa", "g/b/a", "h/a");
    for (String neighbour : neighbours) {
      put(neighbour);
    }
    put("g/a");
    delete(List.of("g/a"));
    assertAbsent(replica, "g/a");
    assertAbsent(openAnother(), "g/a");
    assertThat(keys("")).isEqualTo(neighbours);
  }

  @Test
  void absentObjectsCountAsRemoved() throws Exception {
    delete(List.of("g/a"));
    put("g/a/b");
    put("g/c");
    delete(List.of("g/a", "g/a/b/c", "g", "g/a/bb", "x", "y".repeat(255)));
    assertThat(keys("")).containsExactly("g/a/b", "g/c");
    delete(List.of());
    assertThat(keys("")).containsExactly("g/a/b", "g/c");
  }

  @Test
  void aDeleteMayBeRepeatedAndNameAnObjectTwice() throws Exception {
    put("g/a");
    put("g/b");
    put("g/c");
    delete(List.of("g/a", "g/absent", "g/a", "g/b"));
    assertThat(keys("")).containsExactly("g/c");
    delete(List.of("g/a", "g/absent", "g/a", "g/b"));
    assertThat(keys("")).containsExactly("g/c");
  }

  @Test
  void aDeletedKeyMayBeStoredAgain() throws Exception {
    for (int round = 0; round < 3; round++) {
      put("g/segments/0/a", TestBody.bytes(round, 10));
      assertThat(read("g/segments/0/a")).isEqualTo(TestBody.bytes(round, 10));
      delete(List.of("g/segments/0/a"));
      assertThat(keys("")).isEmpty();
    }
  }
}
