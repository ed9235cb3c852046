package dev.stream.it.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Which images servers run in, and how they are had. */
final class Images {

  /**
   * An image of a server.
   *
   * @param published what a registry has; empty if nothing there fits
   * @param made the name after {@code stream-test/} of what {@code images/build} makes instead
   */
  private record Image(String published, String made) {

    String local() {
      return "stream-test/" + made;
    }
  }

  private static final Map<String, Image> BY_SERVER =
      Map.of(
          "minio", new Image("minio/minio:latest", "minio"),
          "nats", new Image("nats:2", "nats"),
          "sshd", new Image("", "debian"),
          "httpd", new Image("", "debian"),
          "jre", new Image("", "jre"));

  private static final long PULL_SECONDS = 180;

  private static final Map<String, String> FOUND = new ConcurrentHashMap<>();

  private Images() {}

  /** An image on this machine for a server; fetched or made if there is none. */
  static synchronized String of(String server, DockerClient docker) throws Exception {
    String found = FOUND.get(server);
    if (found == null) {
      found = find(server, docker);
      FOUND.put(server, found);
    }
    return found;
  }

  private static String find(String server, DockerClient docker) throws Exception {
    String variable = variable(server);
    String override = System.getenv().getOrDefault(variable, "");
    if (!override.isEmpty()) {
      if (!isHere(override, docker)) {
        pull(override, variable, docker);
      }
      return override;
    }
    Image image = BY_SERVER.get(server);
    if (image == null) {
      throw new ServerMissingException(
          "no image is known for " + server + ": name one in " + variable);
    }
    // What is here is used before a registry is asked.
    for (String candidate : new String[] {image.published(), image.local()}) {
      if (!candidate.isEmpty() && isHere(candidate, docker)) {
        return candidate;
      }
    }
    if (!image.published().isEmpty()) {
      try {
        pull(image.published(), variable, docker);
        return image.published();
      } catch (ServerMissingException e) {
        System.out.println(server + ": " + e.getMessage() + "; making " + image.local());
      }
    }
    make(image, variable);
    return image.local();
  }

  private static String variable(String server) {
    return "STREAM_TEST_IMAGE_" + server.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static boolean isHere(String image, DockerClient docker) {
    try {
      docker.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  private static void pull(String image, String variable, DockerClient docker)
      throws ServerMissingException, InterruptedException {
    String failure = "the image " + image + " cannot be pulled (" + variable + " names another)";
    try {
      if (!docker.pullImageCmd(image).start().awaitCompletion(PULL_SECONDS, TimeUnit.SECONDS)) {
        throw new ServerMissingException(failure + ": not within " + PULL_SECONDS + " s");
      }
    } catch (RuntimeException e) {
      throw new ServerMissingException(failure, e);
    }
    if (!isHere(image, docker)) {
      throw new ServerMissingException(failure);
    }
  }

  private static void make(Image image, String variable) throws Exception {
    String command = "stream-it/images/build " + image.made();
    Path said = Files.createTempFile("stream-it-image-", ".log");
    try {
      Process build =
          new ProcessBuilder(script().toString(), image.made())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      build.getOutputStream().close();
      if (build.waitFor() != 0) {
        throw new ServerMissingException(
            command
                + " failed: mend that, name an image in "
                + variable
                + ", or set "
                + Mode.VARIABLE
                + "=processes. It said:\n"
                + Files.readString(said, StandardCharsets.UTF_8));
      }
    } finally {
      Files.delete(said);
    }
  }

  /** From the module's folder, as Maven runs tests, or the checkout's, as editors do. */
  private static Path script() throws IOException {
    return Stream.of("images/build", "stream-it/images/build")
        .map(Path::of)
        .map(Path::toAbsolutePath)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new IOException(
                    "no stream-it/images/build near "
                        + Path.of("").toAbsolutePath()
                        + ": run the tests from the checkout or from stream-it"));
  }
}
