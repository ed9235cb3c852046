package dev.stream.core.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which names are keys of objects: as the rule of {@link ObjectKey} says, put as a pattern. */
final class ObjectKeyTest {

  private static final String PART = "(?!\\.{1,2}(/|$))[A-Za-z0-9._-]{1,255}";
  private static final Pattern RULE = Pattern.compile(PART + "(/" + PART + ")*");
  private static final String LETTERS = "aZ09._-/./.:\u00e4 \\";

  @Test
  void aNameIsAKeyIfTheRuleSaysSo() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int keys = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(8); length > 0; length--) {
        name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      keys += assertAsTheRuleSays(name.toString(), seed) ? 1 : 0;
    }
    assertThat(keys).as("keys among them").isBetween(500, 19_500);
  }

  @Test
  void partsAndNamesAreBounded() {
    for (String name :
        List.of(
            "a".repeat(255),
            "a".repeat(256),
            "b/" + "a".repeat(255) + "/c",
            "b/" + "a".repeat(256) + "/c",
            "a/".repeat(255) + "ab",
            "..a",
            "...",
            "a/..",
            "../a",
            "a/./b",
            "/a",
            "a/",
            "a//b")) {
      assertAsTheRuleSays(name, 0);
    }
    assertThat(isKey("a/".repeat(256) + "a")).as("more than 512 characters").isFalse();
  }

  private static boolean assertAsTheRuleSays(String name, long seed) {
    boolean expected = RULE.matcher(name).matches();
    assertThat(isKey(name)).as("'%s', seed %d", name, seed).isEqualTo(expected);
    return expected;
  }

  private static boolean isKey(String name) {
    try {
      return new ObjectKey(name).value().equals(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
