package dev.stream.it.server;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server as a process of this machine, on its loopback address. */
final class ProcessServer implements RunningServer {

  /**
   * Starts all processes: with {@code setpriv} they die with the thread that started them, which
   * may end long before the JVM if it is a test's own.
   */
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "server processes");
            thread.setDaemon(true);
            return thread;
          });

  private final ServerRecipe recipe;
  private final Map<Integer, Integer> ports;
  private final ProcessFolder folder;
  private final Path program;
  private final Optional<Path> setpriv = Programs.search("setpriv");
  private final Layout layout = new Local();
  private Process process;

  private ProcessServer(ServerRecipe recipe, ProcessFolder folder) throws Exception {
    this.recipe = recipe;
    this.folder = folder;
    this.ports = Ports.free(recipe.ports());
    this.program = Programs.find(recipe.command(layout).get(0));
  }

  /** One that is not started yet. */
  static ProcessServer create(ServerRecipe recipe) throws Exception {
    ProcessFolder folder = ProcessFolder.create(recipe.name());
    try {
      ProcessServer server = new ProcessServer(recipe, folder);
      server.prepare();
      return server;
    } catch (Throwable e) {
      folder.close();
      throw e;
    }
  }

  private void prepare() throws Exception {
    if (recipe.dataLimit().isPresent()) {
      folder.limitData(recipe.dataLimit().getAsLong());
    }
    for (String name : recipe.folders()) {
      Files.createDirectory(folder.data().resolve(name));
    }
    for (Map.Entry<String, ServerFile> file : recipe.files(layout).entrySet()) {
      Path path = Path.of(layout.file(file.getKey()));
      Files.write(path, file.getValue().content());
      Files.setPosixFilePermissions(path, permissions(file.getValue().mode()));
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] fromOwnersRead = PosixFilePermission.values();
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < fromOwnersRead.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        permissions.add(fromOwnersRead[i]);
      }
    }
    return permissions;
  }

  @Override
  public String description() {
    return "process of " + program;
  }

  @Override
  public InetSocketAddress address(int declared) {
    return Ports.address(ports, declared);
  }

  @Override
  public void start() throws Exception {
    AtExit.close(this);
    List<String> command = new ArrayList<>();
    setpriv.ifPresent(path -> command.addAll(List.of(path.toString(), "--pdeathsig", "KILL")));
    command.addAll(recipe.command(layout));
    command.set(setpriv.isPresent() ? 3 : 0, program.toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.root().toFile())
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(Redirect.appendTo(folder.log().toFile()));
    builder.environment().putAll(recipe.environment(layout));
    process = STARTER.submit(builder::start).get();
    Readiness.await(recipe, this, process::isAlive);
  }

  @Override
  public void kill() throws IOException {
    new ProcessTree(process.toHandle()).kill();
  }

  @Override
  public void pause() throws IOException {
    new ProcessTree(process.toHandle()).halt();
  }

  @Override
  public void resume() throws IOException {
    new ProcessTree(process.toHandle()).resume();
  }

  @Override
  public String log() throws IOException {
    return Files.exists(folder.log())
        ? new String(Files.readAllBytes(folder.log()), StandardCharsets.UTF_8)
        : "";
  }

  @Override
  public void close() throws IOException {
    try {
      if (process != null) {
        kill();
      }
    } finally {
      folder.close();
      AtExit.forget(this);
    }
  }

  private final class Local implements Layout {

    @Override
    public String data() {
      return folder.data().toString();
    }

    @Override
    public String file(String name) {
      return folder.files().resolve(name).toString();
    }

    @Override
    public String bind() {
      return "127.0.0.1";
    }

    @Override
    public int port(int declared) {
      return Ports.address(ports, declared).getPort();
    }
  }
}
