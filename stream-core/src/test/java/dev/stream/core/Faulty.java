package dev.stream.core;

import java.lang.reflect.Proxy;
import java.util.Set;

/** What an application listens with when a class that it needs has gone missing. */
public final class Faulty {

  private Faulty() {}

  /**
   * A listener of which every method throws an {@code Error}.
   *
   * @param called gets the names of the methods that were called
   */
  public static <L> L listener(Class<L> type, Set<String> called) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return "a faulty listener";
              }
              called.add(method.getName());
              throw new NoSuchMethodError("com.example.Metrics.count()");
            }));
  }
}
