package dev.stream.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.core.count.CountedReplica;
import dev.stream.core.upload.MarkedReplica;
import dev.stream.core.upload.RemoteReplica;
import dev.stream.testkit.replica.FaultyReplica;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PluginReplicaTest {

  private static final ObjectKey KEY = new ObjectKey("a/b");

  /** What the JVM does where a method is called that the other side does not have. */
  private static NoSuchMethodError gone() {
    return new NoSuchMethodError("void Removed.method()");
  }

  private static void isRejected(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ReplicaException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REJECTED))
        .hasMessageContaining("void Removed.method()")
        .hasMessageContaining(Misfit.class.getName() + " ")
        .hasMessageContaining("test-classes")
        .hasCauseInstanceOf(NoSuchMethodError.class);
  }

  @Test
  void everyOperationOfAMisfitIsRejected() throws Exception {
    isRejected(() -> PluginReplica.open(new Misfit(), new Settings(true, true)));
    Replica atOnce = PluginReplica.open(new Misfit(), new Settings(false, true));
    isRejected(() -> atOnce.put(KEY, new Body()));
    isRejected(() -> atOnce.create(KEY, new Body()));
    isRejected(() -> atOnce.open(KEY, 0, 1));
    isRejected(() -> atOnce.list(""));
    isRejected(() -> atOnce.delete(List.of(KEY)));
    isRejected(atOnce::close);
    Replica later = PluginReplica.open(new Misfit(), new Settings(false, false));
    isRejected(() -> later.open(KEY, 0, 1).read());
    isRejected(() -> later.open(KEY, 0, 1).readAllBytes());
    isRejected(() -> later.list("").hasNext());
    isRejected(() -> later.list("").next());
  }

  /** A default method that is added to the interface must reach the plug-in's own. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        PluginReplica.class,
        CountedReplica.class,
        RemoteReplica.class,
        MarkedReplica.class,
        FaultyReplica.class
      })
  void whatStandsBeforeAReplicaPassesEveryMethodOn(Class<?> type) throws Exception {
    for (Method method : Replica.class.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        Method passing = type.getMethod(method.getName(), method.getParameterTypes());
        assertThat(passing.getDeclaringClass()).as(method.toString()).isEqualTo(type);
      }
    }
  }

  /** Fails when it is opened, when it is used, or when the results are. */
  record Settings(boolean opening, boolean using) {}

  private record Misfit() implements ReplicaProvider<Settings> {

    @Override
    public String type() {
      return "misfit";
    }

    @Override
    public Class<Settings> configType() {
      return Settings.class;
    }

    @Override
    public Replica open(Settings config) {
      if (config.opening()) {
        throw gone();
      }
      return new MisfitReplica(config.using());
    }
  }

  private record MisfitReplica(boolean using) implements Replica {

    private void use() {
      if (using) {
        throw gone();
      }
    }

    @Override
    public String name() {
      return "misfit:";
    }

    @Override
    public ObjectInfo put(ObjectKey key, ObjectBody body) {
      throw gone();
    }

    @Override
    public ObjectInfo create(ObjectKey key, ObjectBody body) {
      throw gone();
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
      use();
      return new InputStream() {
        @Override
        public int read() {
          throw gone();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
          throw gone();
        }
      };
    }

    @Override
    public ObjectListing list(String prefix) {
      use();
      return new MisfitListing();
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
      throw gone();
    }

    @Override
    public void close() {
      throw gone();
    }
  }

  private record MisfitListing() implements ObjectListing {

    @Override
    public boolean hasNext() {
      throw gone();
    }

    @Override
    public ObjectInfo next() {
      throw gone();
    }

    @Override
    public void close() {}
  }

  private record Body() implements ObjectBody {

    @Override
    public long size() {
      return 0;
    }

    @Override
    public InputStream open() {
      return InputStream.nullInputStream();
    }
  }
}
