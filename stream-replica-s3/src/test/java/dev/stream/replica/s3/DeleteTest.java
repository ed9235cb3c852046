package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.s3.ScriptedServer.Answer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DeleteTest {

  private static final String DONE = "<DeleteResult></DeleteResult>";

  private static List<ObjectKey> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> new ObjectKey("g/" + i)).toList();
  }

  @Test
  void aThousandGoByOneRequestWithItsChecksum() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> Answer.of(200, DONE));
        Replica replica = server.replica()) {
      replica.delete(keys(2500));
      assertThat(server.lines()).hasSize(3).allMatch(line -> line.equals("POST /bkt/?delete="));
      assertThat(server.seen())
          .extracting(each -> each.text().split("<Key>", -1).length - 1)
          .containsExactly(1000, 1000, 500);
      assertThat(server.seen()).allMatch(each -> each.headers().containsKey("Content-MD5"));
      assertThat(server.seen().get(0).text()).contains("<Key>p/g/0</Key>");
    }
  }

  @Test
  void eachObjectThatCouldNotBeRemovedIsNamed() throws Exception {
    String result =
        "<DeleteResult>"
            + "<Error><Key>p/g/0</Key><Code>AccessDenied</Code><Message>no</Message></Error>"
            + "<Error><Key>p/g/1</Key><Code>NoSuchKey</Code><Message>no</Message></Error>"
            + "<Error><Key>p/g/2</Key><Code>InternalError</Code><Message>no</Message></Error>"
            + "</DeleteResult>";
    try (ScriptedServer server =
            new ScriptedServer(
                request -> Answer.of(200, request.text().contains("p/g/0<") ? result : DONE));
        Replica replica = server.replica()) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> replica.delete(keys(1500)));
      assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED);
      assertThat(failure).hasMessageContaining("delete g/0 in");
      assertThat(failure.getSuppressed())
          .singleElement()
          .satisfies(each -> assertThat(each).hasMessageContaining("delete g/2 in"));
      assertThat(server.lines()).as("the second batch is tried all the same").hasSize(2);
    }
  }

  @Test
  void aServerThatDeletesNoBatchesIsAskedForEach() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request -> {
                  if (request.method().equals("POST")) {
                    return Answer.error(400, "NotImplemented");
                  }
                  return request.path().endsWith("g/3")
                      ? Answer.error(403, "AccessDenied")
                      : Answer.of(204, "");
                });
        Replica replica = server.replica()) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> replica.delete(keys(20)));
      assertThat(failure).hasMessageContaining("delete g/3 in");
      assertThat(server.lines()).hasSize(21).contains("DELETE /bkt/p/g/19");
      replica.delete(List.of(new ObjectKey("g/x"), new ObjectKey("g/y")));
      assertThat(server.lines())
          .filteredOn(line -> line.startsWith("POST"))
          .as("it is not asked again")
          .hasSize(1);
    }
  }

  @Test
  void aBatchThatFailsDoesNotKeepTheNextFromBeingTried() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    request.text().contains("p/g/0<")
                        ? Answer.error(503, "SlowDown")
                        : Answer.of(200, DONE));
        Replica replica = server.replica()) {
      ReplicaException failure =
          catchThrowableOfType(ReplicaException.class, () -> replica.delete(keys(1001 + 1)));
      assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("g/0");
      assertThat(server.lines()).hasSize(2);
    }
  }
}
