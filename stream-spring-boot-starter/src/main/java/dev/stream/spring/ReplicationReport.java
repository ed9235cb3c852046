package dev.stream.spring;

import dev.stream.core.StreamController;
import dev.stream.core.status.StreamStatus;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the replication is going, for people and monitors.
 *
 * @param state where it stands
 * @param details what is known of it, as texts, numbers, lists and maps, whatever JSON library the
 *     application has
 */
record ReplicationReport(State state, Map<String, Object> details) {

  /** Where a replication stands. */
  enum State {
    /** Every commit is captured, and every replica gets them. */
    HEALTHY,
    /** The application has not created or opened its database yet. */
    WAITING,
    /** Commits are at risk; the details have the problems. */
    TROUBLED
  }

  static ReplicationReport of(DatabaseReplication replication) {
    StreamController controller = replication.controller();
    Map<String, Object> details = new LinkedHashMap<>();
    if (controller == null) {
      String failure = replication.failure();
      details.put("database", replication.database().toString());
      details.put(
          "problems",
          List.of(failure != null ? failure : "the application has not opened its database yet"));
      return new ReplicationReport(failure != null ? State.TROUBLED : State.WAITING, details);
    }
    StreamStatus status = controller.status();
    details.put("healthy", status.healthy());
    details.put("problems", status.problems());
    details.putAll(tree(status));
    return new ReplicationReport(status.healthy() ? State.HEALTHY : State.TROUBLED, details);
  }

  private static Map<String, Object> tree(Record status) {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (RecordComponent component : status.getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(status);
        if (value != null) {
          tree.put(component.getName(), plain(value));
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(component + " cannot be read", e);
      }
    }
    return tree;
  }

  private static Object plain(@Nullable Object value) {
    if (value instanceof Record section) {
      return tree(section);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ReplicationReport::plain).toList();
    }
    return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
  }
}
