package dev.stream.it.deploy;

import dev.stream.it.Shipped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** The services of the example for Docker Compose, as words for {@code docker run}. */
final class ComposeFile {

  static final Path FOLDER = Shipped.PROJECT.resolve("examples/docker-compose");

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

  /** Keys that say when a service runs, or in what image; a test decides that. */
  private static final Set<String> OTHERS =
      Set.of("image", "command", "depends_on", "restart", "stop_grace_period");

  private final Map<?, ?> document;
  private final Path database;

  /**
   * The file.
   *
   * @param database the folder that stands for the volume of that name
   */
  ComposeFile(Path database) throws IOException {
    this.document = new Yaml().load(Files.readString(FOLDER.resolve("compose.yaml")));
    this.database = database;
  }

  private Map<?, ?> service(String name) {
    return (Map<?, ?>) ((Map<?, ?>) document.get("services")).get(name);
  }

  /** The words after the image. */
  List<String> command(String name) {
    return List.of(service(name).get("command").toString().split(" "));
  }

  /** The words before the image; a key that means nothing here is a fault. */
  List<String> options(String name) {
    List<String> options = new ArrayList<>();
    service(name)
        .forEach(
            (key, value) -> {
              switch (key.toString()) {
                case "user" -> options.add("--user=" + value);
                case "read_only" -> options.add("--read-only=" + value);
                case "cap_drop" -> each(value).forEach(one -> options.add("--cap-drop=" + one));
                case "security_opt" ->
                    each(value).forEach(one -> options.add("--security-opt=" + one));
                case "tmpfs" -> each(value).forEach(one -> options.add("--tmpfs=" + one));
                case "volumes" ->
                    each(value).forEach(one -> options.add("--volume=" + volume(one)));
                case "environment" -> options.addAll(environment((Map<?, ?>) value));
                default -> {
                  if (!OTHERS.contains(key.toString())) {
                    throw new AssertionError("what does " + key + " of " + name + " mean?");
                  }
                }
              }
            });
    return options;
  }

  /** The variables of a service, with what they are if nobody says otherwise. */
  List<String> environment(String name) {
    return environment((Map<?, ?>) service(name).get("environment"));
  }

  private static List<String> environment(Map<?, ?> variables) {
    List<String> options = new ArrayList<>();
    variables.forEach(
        (key, value) -> {
          Matcher variable = VARIABLE.matcher(value.toString());
          options.add("--env=" + key + "=" + variable.replaceAll("$1"));
        });
    return options;
  }

  private String volume(String volume) {
    return volume.startsWith("./")
        ? FOLDER + volume.substring(1)
        : volume.replaceFirst("^database:", database + ":");
  }

  private static List<String> each(Object list) {
    return ((List<?>) list).stream().map(Object::toString).toList();
  }
}
