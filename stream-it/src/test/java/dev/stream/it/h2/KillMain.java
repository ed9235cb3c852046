package dev.stream.it.h2;

import dev.stream.core.Observer;
import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.it.Speaker;
import dev.stream.source.h2.H2Registration;
import dev.stream.source.h2.H2Stream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * An application whose store Stream observes, and that is to be killed. Notes what it finds and
 * every commit that has returned in a file, and is told through its input what to do besides.
 *
 * <p>Arguments: a configuration, the kind of store, the seed of the work, the file for the commits.
 */
public final class KillMain {

  private final KillStore store;
  private final KillWork work;
  private final FileChannel acknowledged;
  private volatile boolean ending;

  private KillMain(KillStore store, KillWork work, FileChannel acknowledged) {
    this.store = store;
    this.work = work;
    this.acknowledged = acknowledged;
  }

  public static void main(String[] args) throws Exception {
    StreamConfig config = StreamConfig.read(Path.of(args[0]), PluginRegistry.discover());
    KillWork work = new KillWork(Long.parseLong(args[2]));
    Observer observer = Observer.of(config, new Speaker());
    try (H2Registration registration = H2Stream.register(observer);
        FileChannel acknowledged =
            FileChannel.open(
                Path.of(args[3]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      KillStore store = KillStore.Kind.valueOf(args[1]).open(observer.path(), "stream:");
      new KillMain(store, work, acknowledged).run(observer);
      Speaker.say("not taken: " + registration.failures());
    }
  }

  private void run(Observer observer) throws Exception {
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < KillWork.WRITERS; i++) {
      int writer = i;
      int number = store.number(writer);
      acknowledge(writer, number);
      writers.add(new Thread(() -> write(writer, number), "writer-" + writer));
    }
    Speaker.say("ready");
    writers.forEach(Thread::start);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String command = input.readLine();
    while ("snapshot".equals(command)) {
      StreamController controller = observer.controller();
      if (controller != null) {
        controller.snapshotNow();
      }
      command = input.readLine();
    }
    ending = true;
    for (Thread writer : writers) {
      writer.join();
    }
    if ("compact".equals(command)) {
      store.compactAndClose();
    } else {
      store.close();
    }
    Speaker.say("closed");
  }

  private void write(int writer, int from) {
    Random random = new Random();
    try {
      for (int number = from + 1; !ending; number++) {
        switch (random.nextInt(40)) {
          case 0 -> store.checkpoint();
          case 1 -> store.undo(writer, work.transaction(writer, number + 7));
          default -> {}
        }
        store.commit(writer, number, work.transaction(writer, number));
        acknowledge(writer, number);
        LockSupport.parkNanos(random.nextInt(4_000_000));
      }
    } catch (Exception e) {
      Speaker.say("failed " + e);
    }
  }

  private void acknowledge(int writer, int number) throws IOException {
    String line = writer + " " + number + "\n";
    acknowledged.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
  }
}
