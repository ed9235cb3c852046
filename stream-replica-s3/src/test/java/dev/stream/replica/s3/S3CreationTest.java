package dev.stream.replica.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.replica.s3.ScriptedServer.Answer;
import dev.stream.replica.s3.ScriptedServer.Seen;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers do with a condition: obey it, refuse it, or do as if it was not there. */
final class S3CreationTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");
  private static final byte[] CONTENT = TestBodies.bytes(1000);
  private static final byte[] OTHER = TestBodies.bytes(1001);

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  /** Stores small objects, and answers a condition with this status; 0 for none of its own. */
  private Answer store(Seen request, int onCondition) {
    String path = request.path();
    switch (request.method()) {
      case "HEAD" -> {
        return Answer.of(objects.containsKey(path) ? 200 : 404, "");
      }
      case "PUT" -> {
        if (request.headers().containsKey("If-None-Match") && onCondition != 0) {
          if (onCondition != 412) {
            return Answer.error(onCondition, "NotImplemented");
          }
          return objects.putIfAbsent(path, request.body()) == null
              ? Answer.of(200, "")
              : Answer.error(412, "PreconditionFailed");
        }
        objects.put(path, request.body());
        return Answer.of(200, "");
      }
      default -> {
        return Answer.of(404, "");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {412, 501, 400, 0})
  void whatIsThereStaysWhateverTheServerMakesOfTheCondition(int onCondition) throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> store(request, onCondition));
        Replica replica = server.replica()) {
      assertThat(replica.createsExclusively()).as("before anything is known").isFalse();
      assertThat(replica.create(KEY, TestBodies.of(CONTENT)).size()).isEqualTo(1000);
      assertThat(replica.createsExclusively()).isEqualTo(onCondition == 412);
      ReplicaException conflict =
          catchThrowableOfType(
              ReplicaException.class, () -> replica.create(KEY, TestBodies.of(OTHER)));
      assertThat(conflict.reason()).isEqualTo(Reason.CONFLICT);
      assertThat(conflict).hasMessageContaining("g/a");
      assertThat(objects.get("/bkt/p/g/a")).isEqualTo(CONTENT);
      assertThat(replica.createsExclusively()).isEqualTo(onCondition == 412);
    }
  }

  /** Whoever loses the race for the first creation has seen that the server obeys. */
  @Test
  void aConflictShowsThatTheServerObeys() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    request.method().equals("HEAD") ? Answer.of(404, "") : store(request, 412));
        Replica replica = server.replica()) {
      objects.put("/bkt/p/g/a", OTHER);
      ReplicaException conflict =
          catchThrowableOfType(
              ReplicaException.class, () -> replica.create(KEY, TestBodies.of(CONTENT)));
      assertThat(conflict.reason()).isEqualTo(Reason.CONFLICT);
      assertThat(objects.get("/bkt/p/g/a")).isEqualTo(OTHER);
      assertThat(replica.createsExclusively()).isTrue();
    }
  }

  @Test
  void onceAServerObeysNoRequestIsWasted() throws Exception {
    try (ScriptedServer server = new ScriptedServer(request -> store(request, 412));
        Replica replica = server.replica()) {
      replica.create(KEY, TestBodies.of(CONTENT));
      int before = server.lines().size();
      replica.create(new ObjectKey("g/b"), TestBodies.of(CONTENT));
      assertThat(server.lines().subList(before, server.lines().size()))
          .containsExactly("PUT /bkt/p/g/b");
    }
  }

  /** Neither is a reason to try without the condition. */
  @ParameterizedTest
  @ValueSource(ints = {403, 503})
  void aRefusalForAnotherReasonIsNoneOfTheCondition(int status) throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                request ->
                    request.headers().containsKey("If-None-Match")
                        ? Answer.error(status, status == 403 ? "AccessDenied" : "SlowDown")
                        : store(request, 0));
        Replica replica = server.replica()) {
      ReplicaException failure =
          catchThrowableOfType(
              ReplicaException.class, () -> replica.create(KEY, TestBodies.of(CONTENT)));
      assertThat(failure.reason())
          .isEqualTo(status == 403 ? Reason.ACCESS_DENIED : Reason.UNAVAILABLE);
      assertThat(objects).isEmpty();
    }
  }
}
