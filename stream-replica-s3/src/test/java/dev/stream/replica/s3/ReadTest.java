package dev.stream.replica.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.s3.ScriptedServer.Answer;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReadTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");

  @Test
  void rangesAreAskedForWithoutOverflow() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(206, "abc"));
        Replica replica = server.replica()) {
      long max = Long.MAX_VALUE;
      for (long[] range : new long[][] {{0, 3}, {7, 3}, {7, max}, {0, max}, {max, max}}) {
        replica.open(KEY, range[0], range[1]).close();
      }
      assertThat(server.seen())
          .extracting(each -> each.headers().get("Range"))
          .containsExactly("bytes=0-2", "bytes=7-9", "bytes=7-", null, "bytes=" + max + "-");
    }
  }

  @Test
  void anOffsetPastTheEndIsAnEmptyStream() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.error(416, "InvalidRange"));
        Replica replica = server.replica();
        InputStream in = replica.open(KEY, 10, 10)) {
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void moreThanWasAskedForIsCutOff() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(200, "abcdef"));
        Replica replica = server.replica();
        InputStream in = replica.open(KEY, 0, 3)) {
      assertThat(in.readAllBytes()).asString(UTF_8).isEqualTo("abc");
    }
  }

  @Test
  void aServerThatIgnoresRangesIsFoundOut() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(200, "abcdef"));
        Replica replica = server.replica()) {
      assertThatThrownBy(() -> replica.open(KEY, 3, 3)).hasMessageContaining("ignores the range");
    }
  }

  @Test
  void anAnswerThatBreaksOffIsUnavailableAndNeverShort() throws Exception {
    Answer torn = new Answer(206, Map.of(), "abc".getBytes(UTF_8), 100);
    try (ScriptedServer server = new ScriptedServer(request -> torn);
        Replica replica = server.replica();
        InputStream in = replica.open(KEY, 5, 100)) {
      ReplicaException failure = catchThrowableOfType(ReplicaException.class, in::readAllBytes);
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("read g/a");
    }
  }

  @Test
  void pagesAreFetchedOneByOneAndForeignKeysPassedOver() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    request.query().contains("continuation-token=next%20one")
                        ? page(null, "p/g/c")
                        : page("next one", "p/g/a", "p/g/a+b", "p/g/folder/", "p/g/b"));
        Replica replica = server.replica();
        ObjectListing listing = replica.list("g/")) {
      assertThat(listing.next().key().value()).isEqualTo("g/a");
      assertThat(listing.next().key().value()).isEqualTo("g/b");
      assertThat(server.lines()).hasSize(1);
      assertThat(listing.next().key().value()).isEqualTo("g/c");
      assertThat(listing.hasNext()).isFalse();
      assertThat(server.lines()).hasSize(2);
      assertThat(server.lines().get(0)).contains("list-type=2").contains("prefix=p%2Fg%2F");
    }
  }

  @Test
  void aListingOutOfOrderIsTakenAsItComes() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> page(null, "p/g/b", "p/g/a"));
        Replica replica = server.replica();
        ObjectListing listing = replica.list("g/")) {
      assertThat(listing.next().key().value()).isEqualTo("g/b");
      assertThat(listing.next().key().value()).isEqualTo("g/a");
      assertThat(listing.hasNext()).isFalse();
    }
  }

  @Test
  void aListingThatRepeatsAKeyIsRefused() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> page(null, "p/g/b", "p/g/b"));
        Replica replica = server.replica();
        ObjectListing listing = replica.list("g/")) {
      listing.next();
      assertThatThrownBy(listing::hasNext).hasMessageContaining("twice");
    }
  }

  @Test
  void prefixesThatNoKeyHasAreNotAskedFor() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> page(null, "p/.a", "p/a"));
        Replica replica = server.replica()) {
      List<String> found = new ArrayList<>();
      for (String prefix : new String[] {"a//", "../", "ä", "a/./"}) {
        try (ObjectListing listing = replica.list(prefix)) {
          assertThat(listing.hasNext()).as(prefix).isFalse();
        }
      }
      assertThat(server.lines()).isEmpty();
      try (ObjectListing listing = replica.list(".")) {
        while (listing.hasNext()) {
          found.add(listing.next().key().value());
        }
      }
      assertThat(found).containsExactly(".a");
    }
  }

  private static Answer page(String token, String... keys) {
    StringBuilder xml = new StringBuilder("<ListBucketResult><Name>bkt</Name>");
    xml.append("<IsTruncated>").append(token != null).append("</IsTruncated>");
    if (token != null) {
      xml.append("<NextContinuationToken>").append(token).append("</NextContinuationToken>");
    }
    for (String key : keys) {
      xml.append("<Contents><Key>").append(key).append("</Key><Size>1</Size>");
      xml.append("<LastModified>2026-01-02T03:04:05.678Z</LastModified></Contents>");
    }
    return Answer.of(200, xml.append("</ListBucketResult>").toString());
  }
}
