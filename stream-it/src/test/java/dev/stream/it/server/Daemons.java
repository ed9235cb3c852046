package dev.stream.it.server;

import java.io.IOException;

/** Threads that end with what they serve. */
final class Daemons {

  private Daemons() {}

  /** What a thread does until its socket is closed or it is interrupted. */
  interface Task {
    void run() throws IOException, InterruptedException;
  }

  static void run(String name, Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException | InterruptedException e) {
                // The end of a connection, from whichever side, is how these threads end.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
