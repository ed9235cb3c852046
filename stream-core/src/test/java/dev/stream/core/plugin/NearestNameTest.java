package dev.stream.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestNameTest {

  private static final List<String> VALID = List.of("bucket", "endpoint", "s3", "forcePathStyle");

  @ParameterizedTest
  @CsvSource({
    "buckte, bucket",
    "Bucket, bucket",
    "bukcet, bucket",
    "buckets, bucket",
    "endpiont, endpoint",
    "s4, s3",
    "forcepathstyle, forcePathStyle"
  })
  void slipsOfThePenAreFound(String given, String meant) {
    assertThat(NearestName.of(given, VALID)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"prefix", "x", "nats", "bck"})
  void otherWordsAreNot(String given) {
    assertThat(NearestName.of(given, VALID)).isEmpty();
  }

  @Test
  void nothingAndOverlongTextHaveNoNeighbour() {
    assertThat(NearestName.of("", VALID)).isEmpty();
    assertThat(NearestName.of("s3", List.of())).isEmpty();
    assertThat(NearestName.of("b".repeat(100_000), VALID)).isEmpty();
  }
}
