package dev.stream.source.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage.Relation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A database is known by its buckets after all of its pages were written anew. */
final class BucketNamesTest {

  private static String signature(List<String> names) {
    BucketNames buckets = new BucketNames();
    names.forEach(name -> buckets.add(name.getBytes(StandardCharsets.UTF_8)));
    return buckets.signature();
  }

  @Test
  void relations() {
    String former = signature(List.of("pods", "nodes", "leases"));
    assertThat(BucketNames.relation(signature(List.of("nodes", "pods", "events")), former))
        .isEqualTo(Relation.LATER);
    assertThat(BucketNames.relation(signature(List.of("users", "orders")), former))
        .isEqualTo(Relation.OTHER);
    assertThat(BucketNames.relation(signature(List.of("users", "pods")), former))
        .isEqualTo(Relation.UNKNOWN);
    assertThat(BucketNames.relation("", former)).isEqualTo(Relation.UNKNOWN);
    assertThat(BucketNames.relation(former, "something else")).isEqualTo(Relation.UNKNOWN);
    assertThat(signature(List.of())).isEmpty();
  }

  @Test
  void ofManyBucketsTheSameAreKept() {
    List<String> many =
        java.util.stream.IntStream.range(0, 5000).mapToObj(i -> "bucket" + i).toList();
    String all = signature(many);
    assertThat(all.length()).isLessThan(1000);
    assertThat(signature(many.subList(1, 5000))).isNotEmpty();
    assertThat(BucketNames.relation(signature(many.subList(100, 5000)), all))
        .isEqualTo(Relation.LATER);
  }
}
