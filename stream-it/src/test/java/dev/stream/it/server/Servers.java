package dev.stream.it.server;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts servers, each in a container where a Docker daemon answers, else as a process of this
 * machine. {@code STREAM_TEST_SERVERS=containers|processes} in the environment, or the system
 * property {@code stream.test.servers}, forces one of the two.
 */
public final class Servers {

  private Servers() {}

  /**
   * Starts a server and waits until it is ready.
   *
   * @throws ServerMissingException if this machine cannot run it, with what to do about that
   */
  public static RunningServer start(ServerRecipe recipe) throws Exception {
    return start(recipe, Mode.wanted());
  }

  /** Starts one as a process in any case, so that it reaches others on this machine's loopback. */
  public static RunningServer startProcess(ServerRecipe recipe) throws Exception {
    return start(recipe, Mode.PROCESSES);
  }

  /**
   * An image on this machine for tests that run containers by themselves, made if there is none;
   * empty where servers run as processes.
   *
   * @throws ServerMissingException if it cannot be made
   */
  public static Optional<String> image(String name) throws Exception {
    return usesContainers(Mode.wanted())
        ? Optional.of(Images.of(name, Docker.client()))
        : Optional.empty();
  }

  private static boolean usesContainers(Mode mode) throws ServerMissingException {
    return switch (mode) {
      case AUTO -> Docker.answers();
      case CONTAINERS -> {
        Docker.require();
        yield true;
      }
      case PROCESSES -> false;
    };
  }

  static RunningServer start(ServerRecipe recipe, Mode mode) throws Exception {
    boolean contained = usesContainers(mode);
    long begin = System.nanoTime();
    RunningServer server =
        contained ? ContainerServer.create(recipe) : ProcessServer.create(recipe);
    try {
      server.start();
    } catch (Throwable e) {
      server.close();
      throw e;
    }
    System.out.println(
        recipe.name()
            + ": "
            + server.description()
            + ", "
            + addresses(recipe.ports(), server)
            + ", ready after "
            + Duration.ofNanos(System.nanoTime() - begin).toMillis()
            + " ms");
    return server;
  }

  private static String addresses(List<Integer> ports, RunningServer server) {
    return ports.stream()
        .map(server::address)
        .map(Servers::shown)
        .collect(Collectors.joining(" and "));
  }

  private static String shown(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }
}
