package dev.stream.api.replica.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

final class LookaheadListingTest {

  private static final ObjectInfo A = new ObjectInfo(new ObjectKey("a"), 1, Instant.EPOCH);
  private static final ObjectInfo B = new ObjectInfo(new ObjectKey("b"), 2, Instant.EPOCH);

  @Test
  void objectsComeInTheirOrderAndThenTheEnd() throws Exception {
    try (ObjectListing listing = LookaheadListing.of(List.of(A, B).iterator())) {
      assertThat(listing.hasNext()).isTrue();
      assertThat(listing.hasNext()).isTrue();
      assertThat(listing.next()).isEqualTo(A);
      assertThat(listing.next()).isEqualTo(B);
      assertThat(listing.hasNext()).isFalse();
      assertThatThrownBy(listing::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void whatIsClosedDoesNotLookAnyMore() throws Exception {
    ObjectListing listing = LookaheadListing.of(List.of(A, B).iterator());
    assertThat(listing.hasNext()).isTrue();
    listing.close();
    assertThat(listing.hasNext()).isFalse();
  }

  @Test
  void aFailureIsNotTheEnd() throws Exception {
    boolean[] failed = new boolean[1];
    try (ObjectListing listing =
        new LookaheadListing() {
          @Override
          protected ObjectInfo find() throws IOException {
            if (!failed[0]) {
              failed[0] = true;
              throw new IOException("told to fail");
            }
            return A;
          }
        }) {
      assertThatThrownBy(listing::hasNext).hasMessage("told to fail");
      assertThat(listing.next()).isEqualTo(A);
    }
  }
}
