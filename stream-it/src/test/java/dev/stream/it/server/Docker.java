package dev.stream.it.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.util.List;
import java.util.Optional;
import org.testcontainers.DockerClientFactory;

/** The Docker daemon of this machine, if there is one. */
final class Docker {

  /** The JVM that a container was started for. */
  static final String LABEL = "dev.stream.it.run";

  private static boolean tidied;

  private Docker() {}

  static boolean answers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  static void require() throws ServerMissingException {
    if (!answers()) {
      throw new ServerMissingException(
          Mode.VARIABLE
              + "=containers, but no Docker daemon answers on this machine: start one (./verify"
              + " installs and starts Docker on Debian and Ubuntu), or set "
              + Mode.VARIABLE
              + "=processes");
    }
  }

  /** Talks to the daemon; what killed test runs left there is removed first. */
  static synchronized DockerClient client() {
    DockerClient client = DockerClientFactory.instance().client();
    if (!tidied) {
      removeStale(client);
      tidied = true;
    }
    return client;
  }

  /** Removes the containers whose test run is gone. */
  static void removeStale(DockerClient client) {
    List<Container> ours =
        client.listContainersCmd().withShowAll(true).withLabelFilter(List.of(LABEL)).exec();
    for (Container container : ours) {
      Optional<TestRun> run = TestRun.parse(container.getLabels().get(LABEL));
      if (run.isPresent() && !run.get().isAlive()) {
        remove(client, container.getId());
      }
    }
  }

  static void remove(DockerClient client, String container) {
    try {
      client.removeContainerCmd(container).withForce(true).withRemoveVolumes(true).exec();
    } catch (NotFoundException | ConflictException e) {
      // Somebody else was quicker, such as another test run or Testcontainers at its end.
    }
  }
}
