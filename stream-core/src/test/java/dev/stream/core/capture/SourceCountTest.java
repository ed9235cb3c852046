package dev.stream.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.database.DatabaseImage;
import dev.stream.api.database.DatabaseImage.Relation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SourceCountTest {

  private static final Map<Class<?>, Object> VALUES =
      Map.of(
          int.class,
          1,
          long.class,
          7L,
          String.class,
          "",
          ByteBuffer.class,
          ByteBuffer.allocate(1),
          Relation.class,
          Relation.UNKNOWN);

  @Test
  void anImageOfAnotherNumberIsTheSourcesInEverythingElse() throws Exception {
    List<Method> asked = new ArrayList<>();
    DatabaseImage image =
        (DatabaseImage)
            Proxy.newProxyInstance(
                DatabaseImage.class.getClassLoader(),
                new Class<?>[] {DatabaseImage.class},
                (proxy, method, arguments) -> {
                  asked.add(method);
                  return VALUES.get(method.getReturnType());
                });
    SourceCount count = new SourceCount();
    assertThat(count.captured(image)).isSameAs(image);
    count.insert(3);
    DatabaseImage counted = count.captured(image);
    assertThat(counted.txId()).isEqualTo(10);
    for (Method method : DatabaseImage.class.getDeclaredMethods()) {
      asked.clear();
      Object[] arguments =
          Arrays.stream(method.getParameterTypes()).map(VALUES::get).toArray(Object[]::new);
      Object answer = method.invoke(counted, arguments);
      if (!method.getName().equals("txId")) {
        assertThat(asked).as("%s", method).containsExactly(method);
        assertThat(answer).isEqualTo(VALUES.get(method.getReturnType()));
      }
    }
  }
}
