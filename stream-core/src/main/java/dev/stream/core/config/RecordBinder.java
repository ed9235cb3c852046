package dev.stream.core.config;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stream.api.config.Secret;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes records from JSON objects. Every method reports what is wrong and then returns null. */
final class RecordBinder {

  private final ProblemCollector problems;
  private final Redaction redaction;
  private final ValueReader values;
  private final Map<Class<?>, Record> defaults;

  /**
   * A binder.
   *
   * @param defaults by type, what has the values of keys that are left out, or null
   */
  RecordBinder(
      ProblemCollector problems,
      Redaction redaction,
      ValueReader values,
      Map<Class<?>, Record> defaults) {
    this.defaults = defaults;
    this.problems = problems;
    this.redaction = redaction;
    this.values = values;
  }

  /**
   * Binds an object to a record.
   *
   * @param reserved keys that the caller reads itself
   */
  <T> @Nullable T bind(JsonNode node, Class<T> type, String path, Collection<String> reserved) {
    if (!node.isObject()) {
      problems.add(path, "is " + ConfigDisplay.kind(node) + "; it must be an object");
      return null;
    }
    int before = problems.count();
    RecordComponent[] components = type.getRecordComponents();
    refuseUnknown(node, components, path, reserved);
    @Nullable Object[] arguments = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      JsonNode value = node.get(ConfigDisplay.key(components[i]));
      Record known = value == null || value.isNull() ? defaults.get(type) : null;
      arguments[i] =
          known == null ? component(value, components[i], path) : valueOf(known, components[i]);
    }
    return problems.count() == before ? construct(type, components, arguments, path) : null;
  }

  private static @Nullable Object valueOf(Record known, RecordComponent component) {
    try {
      return component.getAccessor().invoke(known);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component + " cannot be read", e);
    }
  }

  private void refuseUnknown(
      JsonNode node, RecordComponent[] components, String path, Collection<String> reserved) {
    List<String> valid =
        Stream.concat(reserved.stream(), ConfigDisplay.names(components).stream()).toList();
    for (Iterator<String> keys = node.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!valid.contains(key)) {
        problems.add(
            ConfigDisplay.path(path, key),
            "is not a known key" + ConfigDisplay.choices(key, valid));
      }
    }
  }

  private @Nullable Object component(
      @Nullable JsonNode node, RecordComponent component, String parent) {
    String path = ConfigDisplay.path(parent, ConfigDisplay.key(component));
    boolean optional = component.getType() == Optional.class;
    if (node == null || node.isNull()) {
      if (optional) {
        return Optional.empty();
      }
      if (!isNullable(component)) {
        problems.add(path, node == null ? "is missing" : "is null; it must have a value");
      }
      return null;
    }
    return value(
        node, component.getGenericType(), path, component.isAnnotationPresent(Secret.class));
  }

  private @Nullable Object value(JsonNode node, Type type, String path, boolean secret) {
    if (type instanceof ParameterizedType parameterized) {
      Type[] of = parameterized.getActualTypeArguments();
      if (parameterized.getRawType() == Optional.class) {
        Object value = value(node, of[0], path, secret);
        return value == null ? null : Optional.of(value);
      }
      if (parameterized.getRawType() == List.class) {
        return list(node, of[0], path, secret);
      }
      if (parameterized.getRawType() == Map.class && of[0] == String.class) {
        return map(node, of[1], path, secret);
      }
    }
    if (type instanceof Class<?> plain && plain.isRecord() && plain != ByteSize.class) {
      return bind(node, plain, path, List.of());
    }
    if (type instanceof Class<?> plain && JsonNode.class.isAssignableFrom(plain)) {
      return node;
    }
    return values.read(node, type instanceof Class<?> plain ? plain : Type.class, path, secret);
  }

  private @Nullable Object list(JsonNode node, Type of, String path, boolean secret) {
    if (!node.isArray()) {
      problems.add(path, "is " + ConfigDisplay.kind(node) + "; it must be a list, in [ and ]");
      return null;
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      Object value = value(node.get(i), of, path + "[" + i + "]", secret);
      if (value != null) {
        list.add(value);
      }
    }
    return List.copyOf(list);
  }

  private @Nullable Object map(JsonNode node, Type of, String path, boolean secret) {
    if (!node.isObject()) {
      problems.add(path, "is " + ConfigDisplay.kind(node) + "; it must be an object");
      return null;
    }
    Map<String, Object> map = new LinkedHashMap<>();
    node.fieldNames()
        .forEachRemaining(
            key -> {
              Object value = value(node.get(key), of, ConfigDisplay.path(path, key), secret);
              if (value != null) {
                map.put(key, value);
              }
            });
    return Collections.unmodifiableMap(map);
  }

  private <T> @Nullable T construct(
      Class<T> type, RecordComponent[] components, @Nullable Object[] arguments, String path) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      refused(e.getCause(), ConfigDisplay.names(components), path);
    } catch (ReflectiveOperationException e) {
      problems.add(
          path,
          "cannot be made into "
              + type.getName()
              + ": its module "
              + type.getModule()
              + " must export the package, and the record must be public");
    }
    return null;
  }

  /** Reports an exception of a record's constructor, whose message starts with the key. */
  void refused(@Nullable Throwable thrown, List<String> keys, String path) {
    if (thrown instanceof Error error && !(thrown instanceof LinkageError)) {
      throw error;
    }
    String raw = thrown == null || thrown.getMessage() == null ? "" : thrown.getMessage();
    ConfigProblem problem = ConfigProblem.of(path, raw, keys);
    String message = redaction.message(problem.problem());
    if (message == null) {
      message = "is not valid; the reason given is withheld, for it might show a secret";
    } else if (!(thrown instanceof IllegalArgumentException) && thrown != null) {
      message = "is not valid: " + thrown.getClass().getSimpleName() + " " + message;
    } else if (message.isBlank()) {
      message = "is not valid";
    }
    problems.add(problem.path(), message.strip());
  }

  private static boolean isNullable(RecordComponent component) {
    return Stream.of(
            component.getAnnotatedType().getAnnotations(),
            component.getAccessor().getAnnotatedReturnType().getAnnotations(),
            component.getAnnotations())
        .flatMap(Arrays::stream)
        .map(Annotation::annotationType)
        .anyMatch(type -> type == Nullable.class || type.getSimpleName().equals("Nullable"));
  }
}
