package dev.stream.it.server;

import com.github.dockerjava.api.DockerClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** A server in a container. */
final class ContainerServer implements RunningServer {

  private static final String DATA = "/data";
  private static final String FILES = "/stream-it";

  private static final Layout LAYOUT =
      new Layout() {
        @Override
        public String data() {
          return DATA;
        }

        @Override
        public String file(String name) {
          return FILES + "/" + name;
        }

        @Override
        public String bind() {
          return "0.0.0.0";
        }

        @Override
        public int port(int declared) {
          return declared;
        }
      };

  private final ServerRecipe recipe;
  private final String image;
  private final Map<Integer, Integer> ports;
  private final DockerClient docker;
  private final Prepared container;
  private boolean created;

  private ContainerServer(ServerRecipe recipe, String image, DockerClient docker) {
    this.recipe = recipe;
    this.image = image;
    this.docker = docker;
    this.ports = Ports.free(recipe.ports());
    this.container = container();
  }

  /** One that is not started yet. */
  static ContainerServer create(ServerRecipe recipe) throws Exception {
    DockerClient docker = Docker.client();
    return new ContainerServer(recipe, Images.of(recipe.name(), docker), docker);
  }

  private Prepared container() {
    Prepared prepared = new Prepared(image, archive(recipe.files(LAYOUT)));
    prepared
        .withImagePullPolicy(name -> false)
        .withEnv(recipe.environment(LAYOUT))
        .withLabel(Docker.LABEL, TestRun.current().toString())
        .withCreateContainerCmdModifier(
            // As the entry point, so that the image's own has no say.
            create -> create.withEntrypoint(recipe.command(LAYOUT)));
    prepared.setPortBindings(
        ports.entrySet().stream()
            .map(port -> "127.0.0.1:" + port.getValue() + ":" + port.getKey())
            .collect(Collectors.toList()));
    prepared.withStartupCheckStrategy(new NoCheck());
    prepared.waitingFor(new NoWait());
    OptionalLong limit = recipe.dataLimit();
    if (limit.isPresent()) {
      prepared.withTmpFs(Map.of(DATA, "rw,exec,mode=0755,size=" + limit.getAsLong()));
    }
    return prepared;
  }

  @Override
  public String description() {
    return "container of " + image;
  }

  @Override
  public InetSocketAddress address(int declared) {
    return Ports.address(ports, declared);
  }

  @Override
  public void kill() {
    docker.killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
  }

  @Override
  public void start() throws Exception {
    if (created) {
      docker.startContainerCmd(container.getContainerId()).exec();
    } else {
      AtExit.close(this);
      container.start();
      created = true;
    }
    Readiness.await(recipe, this, this::isRunning);
  }

  private boolean isRunning() {
    return Boolean.TRUE.equals(
        docker.inspectContainerCmd(container.getContainerId()).exec().getState().getRunning());
  }

  @Override
  public void pause() {
    docker.pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    docker.unpauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public String log() {
    return container.getContainerId() == null ? "" : container.getLogs();
  }

  @Override
  public void close() {
    if (container.getContainerId() != null) {
      Docker.remove(docker, container.getContainerId());
    }
    AtExit.forget(this);
  }

  /** The data folder and the recipe's files, all owned by root. */
  private static byte[] archive(Map<String, ServerFile> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String folder : new String[] {DATA, FILES}) {
        tar.putArchiveEntry(new TarArchiveEntry(folder.substring(1) + "/"));
        tar.closeArchiveEntry();
      }
      for (Map.Entry<String, ServerFile> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(LAYOUT.file(file.getKey()).substring(1));
        entry.setMode(file.getValue().mode());
        entry.setSize(file.getValue().content().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue().content());
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /** A container that has its files before it starts. */
  private static final class Prepared extends GenericContainer<Prepared> {

    private final byte[] archive;

    Prepared(String image, byte[] archive) {
      super(DockerImageName.parse(image));
      this.archive = archive;
    }

    @Override
    protected void containerIsCreated(String containerId) {
      getDockerClient()
          .copyArchiveToContainerCmd(containerId)
          .withTarInputStream(new ByteArrayInputStream(archive))
          .withRemotePath("/")
          .exec();
    }
  }

  /** Whether a server runs is asked in one place, for containers and processes alike. */
  private static final class NoCheck extends StartupCheckStrategy {

    @Override
    public StartupStatus checkStartupState(DockerClient docker, String containerId) {
      return StartupStatus.SUCCESSFUL;
    }
  }

  /** And so is whether it is ready. */
  private static final class NoWait extends AbstractWaitStrategy {

    @Override
    protected void waitUntilReady() {}
  }
}
