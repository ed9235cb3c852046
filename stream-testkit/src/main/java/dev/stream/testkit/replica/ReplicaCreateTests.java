package dev.stream.testkit.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** An object is created only where there is none. */
abstract class ReplicaCreateTests extends ReplicaConcurrencyTests {

  private static final int CREATORS = 8;
  private static final byte[] OLD = TestBody.bytes(1, 3000);
  private static final byte[] NEW = TestBody.bytes(2, 5000);

  @Test
  void anObjectIsCreatedWhereThereIsNone() throws Exception {
    put("g/ab", OLD);
    put("g/a/b", OLD);
    ObjectInfo reported = replica.create(key("g/c"), TestBody.of(NEW));
    assertThat(reported.size()).isEqualTo(NEW.length);
    assertThat(read(openAnother(), "g/c")).isEqualTo(NEW);
    assertListed("g/c", List.of(reported));
    replica.create(key("g/aa"), TestBody.of(new byte[0]));
    assertThat(keys("")).containsExactly("g/a/b", "g/aa", "g/ab", "g/c");
  }

  @Test
  void anObjectThatIsThereIsNotCreated() throws Exception {
    ObjectInfo reported = put("g/a", OLD);
    TestBody body = TestBody.of(NEW);
    for (Replica each : List.of(replica, openAnother(), replica)) {
      assertConflict(() -> each.create(key("g/a"), body));
    }
    assertThat(body.stillOpen()).as("streams of the body left open").isZero();
    assertThat(read("g/a")).isEqualTo(OLD);
    assertListed("", List.of(reported));
    put("g/a", NEW);
    assertThat(read("g/a")).as("a put still replaces").isEqualTo(NEW);
  }

  @Test
  void whatWasDeletedIsCreatedAgain() throws Exception {
    for (int round = 0; round < 3; round++) {
      replica.create(key("g/a"), TestBody.of(NEW));
      assertConflict(() -> replica.create(key("g/a"), TestBody.of(OLD)));
      assertThat(read("g/a")).isEqualTo(NEW);
      delete(List.of("g/a"));
      assertAbsent(replica, "g/a");
    }
    put("g/a", OLD);
    assertConflict(() -> openAnother().create(key("g/a"), TestBody.of(NEW)));
  }

  @Test
  void aLargeObjectIsCreatedOnce() throws Exception {
    long size = largeObjectSize();
    assertThat(replica.create(key("g/large"), TestBody.generated(7, size)).size()).isEqualTo(size);
    TestBody second = TestBody.generated(8, size);
    assertConflict(() -> replica.create(key("g/large"), second));
    assertThat(second.stillOpen()).isZero();
    assertThat(infos(replica, "")).extracting(ObjectInfo::size).containsExactly(size);
    byte[] expected;
    try (TestBody.GeneratedStream generated = new TestBody.GeneratedStream(7, size)) {
      expected = generated.readNBytes(1000);
    }
    assertThat(read(replica, "g/large", 0, 1000)).isEqualTo(expected);
  }

  @Test
  void aBodyThatFailsCreatesNothing() throws Exception {
    ObjectBody torn =
        TestBody.torn(
            NEW,
            NEW.length / 2,
            () -> {
              throw new java.io.IOException("told to fail");
            });
    for (ObjectBody body : List.of(torn, TestBody.announcing(NEW.length + 1, NEW))) {
      ThrowableAssert.ThrowingCallable create = () -> replica.create(key("g/a"), body);
      assertThat(ThrowableAssert.catchThrowable(create)).isInstanceOf(java.io.IOException.class);
      assertAbsent(replica, "g/a");
    }
    assertThat(replica.create(key("g/a"), TestBody.of(NEW)).size()).isEqualTo(NEW.length);
  }

  /** Where a store cannot promise that, several may win, and what is there is one of theirs. */
  @Test
  void ofSeveralThatCreateAnObjectExactlyOneDoes() throws Exception {
    Replica other = openAnother();
    // Shows what the server can do, where that decides.
    replica.create(key("first"), TestBody.of(NEW));
    other.create(key("other"), TestBody.of(NEW));
    if (mustCreateExclusively()) {
      assertThat(replica.createsExclusively()).as("createsExclusively()").isTrue();
    }
    for (int round = 0; round < 5; round++) {
      String name = "g/" + round;
      CyclicBarrier start = new CyclicBarrier(CREATORS);
      List<Callable<Boolean>> creators = new ArrayList<>();
      for (int i = 0; i < CREATORS; i++) {
        Replica target = i % 2 == 0 ? replica : other;
        byte[] content = TestBody.bytes(i, 2000 + i);
        creators.add(
            () -> {
              start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              return created(target, name, content);
            });
      }
      List<Boolean> created = together(creators);
      byte[] found = read(name);
      int winner = found.length - 2000;
      assertThat(found).isEqualTo(TestBody.bytes(winner, 2000 + winner));
      assertThat(created).as("who created " + name).contains(true);
      if (replica.createsExclusively() && other.createsExclusively()) {
        assertThat(created).as("who created " + name).containsOnlyOnce(true);
        assertThat(created.get(winner)).as("whose " + name + " is there created it").isTrue();
      }
    }
  }

  private static boolean created(Replica target, String name, byte[] content) throws Exception {
    try {
      target.create(key(name), TestBody.of(content));
      return true;
    } catch (ReplicaException e) {
      assertThat(e.reason()).as(e.toString()).isEqualTo(Reason.CONFLICT);
      return false;
    }
  }

  private static void assertConflict(ThrowableAssert.ThrowingCallable create) {
    Throwable failure = ThrowableAssert.catchThrowable(create);
    assertThat(failure).as("creating what is there").isInstanceOf(ReplicaException.class);
    assertThat(((ReplicaException) failure).reason())
        .as(failure.toString())
        .isEqualTo(Reason.CONFLICT);
    assertThat(failure).hasMessageContaining("g/");
  }
}
