package dev.stream.core.commit;

import dev.stream.core.StreamController;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a {@link DataSource} one whose commits return only when enough replicas have them. For
 * H2 and for SQLite.
 *
 * <pre>{@code
 * Observer observer = Observer.of(config);
 * H2Registration registration = H2Stream.register(observer);
 * DataSource safe =
 *     QuorumDataSource.of(
 *         database,
 *         observer::controller,
 *         new CommitQuorum(2, Duration.ofSeconds(5), CommitQuorum.Unconfirmed.FAIL));
 * }</pre>
 *
 * <p>The database commits as ever, then the call waits, with none of the database's locks held: so
 * others read what was committed before it is confirmed, and commits of several connections wait
 * side by side. Waited for are {@code commit}, {@code setAutoCommit(true)} in a transaction, and,
 * with automatic commits, every {@code execute} but {@code executeQuery}; not what a database
 * commits by itself, such as before a change of the schema. A pool may lie above or below.
 *
 * <p>What is made is as safe for use by several threads as what it is made of.
 */
public final class QuorumDataSource {

  private final CommitConfirmation confirmation;

  private QuorumDataSource(CommitConfirmation confirmation) {
    this.confirmation = confirmation;
  }

  /**
   * A data source whose commits wait.
   *
   * @param database where connections come from
   * @param stream what replicates the database; may answer null while nothing does, which counts as
   *     not confirmed
   * @param quorum what is waited for
   */
  public static DataSource of(
      DataSource database, Supplier<@Nullable StreamController> stream, CommitQuorum quorum) {
    Objects.requireNonNull(database, "database");
    QuorumDataSource made = new QuorumDataSource(new CommitConfirmation(stream, quorum));
    return afterEachCall(
        DataSource.class,
        database,
        (method, arguments, result) ->
            result instanceof Connection connection ? made.connection(connection) : result);
  }

  /** What becomes of a call's result. */
  @FunctionalInterface
  private interface After {
    @Nullable Object done(Method method, Object @Nullable [] arguments, @Nullable Object result)
        throws Throwable;
  }

  private Connection connection(Connection connection) {
    return proxy(
        Connection.class,
        new InvocationHandler() {
          @Override
          public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
              throws Throwable {
            boolean ends =
                method.getName().equals("setAutoCommit")
                    && arguments != null
                    && Boolean.TRUE.equals(arguments[0])
                    && !connection.getAutoCommit();
            Object result = call(connection, method, arguments);
            if (ends || method.getName().equals("commit")) {
              confirmation.await();
            }
            return result instanceof Statement statement
                ? statement(statement, (Connection) proxy)
                : result;
          }
        });
  }

  private Statement statement(Statement statement, Connection of) {
    Class<? extends Statement> type =
        statement instanceof CallableStatement
            ? CallableStatement.class
            : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
    return afterEachCall(
        type,
        statement,
        (method, arguments, result) -> {
          String name = method.getName();
          if (name.equals("getConnection")) {
            return of;
          }
          if (name.startsWith("execute")
              && !name.equals("executeQuery")
              && statement.getConnection().getAutoCommit()) {
            confirmation.await();
          }
          return result;
        });
  }

  private static <T> T afterEachCall(Class<? extends T> type, T target, After after) {
    return proxy(
        type,
        (proxy, method, arguments) ->
            after.done(method, arguments, call(target, method, arguments)));
  }

  private static <T> T proxy(Class<? extends T> type, InvocationHandler handler) {
    Object made =
        Proxy.newProxyInstance(
            QuorumDataSource.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                method.getName().equals("equals") && method.getParameterCount() == 1
                    ? arguments != null && proxy == arguments[0]
                    : handler.invoke(proxy, method, arguments));
    return type.cast(made);
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
