package dev.stream.spring;

import dev.stream.core.StreamController;
import dev.stream.core.metric.MetricSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The replication of the application's database, a bean. It exists before any {@code DataSource}
 * does, for the database may have to be restored first, and is closed after the last one: so what
 * beans commit while the application ends is replicated too. Safe for use by several threads.
 */
public interface DatabaseReplication extends AutoCloseable {

  /** The database file. */
  Path database();

  /**
   * What captures, for its status, and to wait until a commit is safe; null while that has not
   * begun, for the application has not created or opened its database yet, and once it has ended.
   */
  @Nullable StreamController controller();

  /** Why commits are not captured though the database is open, as a sentence; null if they are. */
  @Nullable String failure();

  /** What tells the metrics, from the start of the application to its end. */
  MetricSource metrics();

  /**
   * Ends capture and waits for replicas that lag, at most {@code stream.close-timeout}. Spring
   * calls it when the application ends. Repeatable.
   */
  @Override
  void close();
}
