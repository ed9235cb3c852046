package dev.stream.it.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Clients that post notes, each one after the other, until the application is gone or they are
 * stopped.
 */
final class Writers {

  private static final int CLIENTS = 2;

  private final String name;
  private final NotesApp app;
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
  private final List<String> unanswered = Collections.synchronizedList(new ArrayList<>());
  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());

  private volatile boolean stopping;

  private Writers(String name, NotesApp app) {
    this.name = name;
    this.app = app;
  }

  /** Starts them; {@code name} is in all their notes. */
  static Writers start(String name, NotesApp app) {
    Writers writers = new Writers(name, app);
    for (int i = 0; i < CLIENTS; i++) {
      String prefix = name + " " + i + " ";
      Thread thread = new Thread(() -> writers.post(prefix), "writer " + prefix);
      thread.setDaemon(true);
      thread.start();
      writers.threads.add(thread);
    }
    return writers;
  }

  private void post(String prefix) {
    for (int i = 0; !stopping; i++) {
      String note = prefix + i;
      try {
        int status = app.write(note);
        if (status == 201) {
          acknowledged.add(note);
        } else {
          refused.add(note + ": " + status);
        }
      } catch (IOException e) {
        unanswered.add(note);
        return;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  void awaitAcknowledged(int count) throws Exception {
    Await.until(() -> this + " of " + count, () -> acknowledged.size() >= count);
  }

  /** Has them stop after the answers that they wait for. */
  void stop() throws InterruptedException {
    stopping = true;
    join();
  }

  /** Waits until all have noticed that the application is gone. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(2 * Await.PATIENCE.toSeconds()));
      if (thread.isAlive()) {
        throw new AssertionError(thread.getName() + " still waits");
      }
    }
  }

  /** The notes that the application has confirmed. */
  List<String> acknowledged() {
    return List.copyOf(acknowledged);
  }

  /** Those that it was asked for last, of which nobody knows. */
  List<String> unanswered() {
    return List.copyOf(unanswered);
  }

  /** Those that it answered otherwise. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  @Override
  public String toString() {
    return name + ": " + acknowledged.size() + " acknowledged, refused " + refused;
  }

  /** What was acknowledged is there once each, and nothing that nobody wrote. */
  static void assertHolds(List<String> notes, List<Writers> writers) {
    List<String> acknowledged = new ArrayList<>();
    List<String> possible = new ArrayList<>();
    for (Writers each : writers) {
      acknowledged.addAll(each.acknowledged());
      possible.addAll(each.unanswered());
      assertThat(each.refused()).isEmpty();
    }
    possible.addAll(acknowledged);
    assertThat(notes).containsAll(acknowledged).isSubsetOf(possible).doesNotHaveDuplicates();
  }
}
