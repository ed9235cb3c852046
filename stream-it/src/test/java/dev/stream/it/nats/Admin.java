package dev.stream.it.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ObjectStoreConfiguration;
import java.io.InterruptedIOException;

/** What is done to a server besides what a replica does. */
final class Admin {

  private Admin() {}

  /** Uses a connection. */
  interface Task<T> {
    T run(Connection connection) throws Exception;
  }

  static <T> T with(Options.Builder options, Task<T> task) throws Exception {
    Connection connection = Nats.connect(options.build());
    try {
      return task.run(connection);
    } finally {
      close(connection);
    }
  }

  static void make(Options.Builder options, ObjectStoreConfiguration.Builder bucket)
      throws Exception {
    with(options, connection -> connection.objectStoreManagement().create(bucket.build()));
  }

  /** Not in try-with-resources: the compiler warns of what interrupts this. */
  static void close(Connection connection) throws InterruptedIOException {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while closing a connection");
    }
  }
}
