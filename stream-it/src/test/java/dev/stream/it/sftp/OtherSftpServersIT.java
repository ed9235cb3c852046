package dev.stream.it.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.it.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What servers other than OpenSSH's make of requests that are under way at the same time. */
@ParameterizedClass
@MethodSource("dev.stream.it.sftp.SftpServer#wanted")
@Timeout(120)
final class OtherSftpServersIT {

  private static final AtomicInteger PLACES = new AtomicInteger();
  private static final int LANES = 4;
  private static final int LARGE = 6 << 20;

  private static SftpServer.Running running;

  @Parameter SftpServer kind;

  private final String place = "place/" + PLACES.incrementAndGet();

  @BeforeParameterizedClassInvocation
  static void start(SftpServer kind) throws Exception {
    running = kind.start();
  }

  @AfterParameterizedClassInvocation
  static void stop() throws Exception {
    running.close();
  }

  @Test
  void largeObjectsOfSeveralLanesArriveWhole() throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    try (Replica replica = running.access(place).open()) {
      List<Callable<Void>> puts = new ArrayList<>();
      for (int lane = 0; lane < LANES; lane++) {
        String name = "g/" + lane + "/";
        int size = LARGE + lane;
        puts.add(
            () -> {
              for (int i = 0; i < 3; i++) {
                arrives(replica, name + i, Content.of(size + 10 * i));
                arrives(replica, name + "small-" + i, Content.of(size / 100 + i));
              }
              return null;
            });
      }
      for (Future<Void> done : lanes.invokeAll(puts, 100, TimeUnit.SECONDS)) {
        done.get();
      }
    } finally {
      lanes.shutdownNow();
    }
  }

  /** Also where the server says yes to a link and makes none. */
  @Test
  void whatWasCreatedIsThereAndStays() throws Exception {
    try (Replica replica = running.access(place).open()) {
      Content first = Content.of(1000);
      replica.create(new ObjectKey("g/a"), first);
      Bytes.assertSame("g/a", read(replica, "g/a"), first.bytes());
      ReplicaException conflict =
          catchThrowableOfType(
              ReplicaException.class, () -> replica.create(new ObjectKey("g/a"), Content.of(2000)));
      assertThat(conflict.reason()).isEqualTo(Reason.CONFLICT);
      Bytes.assertSame("g/a", read(replica, "g/a"), first.bytes());
      assertThat(replica.createsExclusively()).isEqualTo(kind == SftpServer.PROFTPD);
      replica.delete(List.of(new ObjectKey("g/a")));
      Content second = Content.of(3000);
      replica.create(new ObjectKey("g/a"), second);
      Bytes.assertSame("g/a", read(replica, "g/a"), second.bytes());
    }
  }

  private static void arrives(Replica replica, String name, Content content) throws IOException {
    assertThat(replica.put(new ObjectKey(name), content).size()).isEqualTo(content.size());
    Bytes.assertSame(name, read(replica, name), content.bytes());
  }

  private static byte[] read(Replica replica, String name) throws IOException {
    try (InputStream in = replica.open(new ObjectKey(name), 0, Long.MAX_VALUE)) {
      return in.readAllBytes();
    }
  }
}
