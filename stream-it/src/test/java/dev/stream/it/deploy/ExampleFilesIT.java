package dev.stream.it.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.it.Shell;
import dev.stream.it.Shipped;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.server.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** What the examples of a deployment say is what Stream takes. */
final class ExampleFilesIT {

  private static final Path EXAMPLES = Shipped.PROJECT.resolve("examples");
  private static final Path UNIT =
      Shipped.PROJECT.resolve("stream-cli/src/distribution/share/systemd/stream@.service");

  @TempDir Path folder;

  private static List<Object> documents(String file) throws IOException {
    List<Object> documents = new ArrayList<>();
    new Yaml().loadAll(Files.readString(EXAMPLES.resolve(file))).forEach(documents::add);
    return documents;
  }

  /** All values of a key, however deep. */
  private static List<Object> all(Object tree, String key) {
    List<Object> found = new ArrayList<>();
    if (tree instanceof Map<?, ?> map) {
      map.forEach(
          (name, value) -> {
            if (name.equals(key)) {
              found.add(value);
            }
            found.addAll(all(value, key));
          });
    } else if (tree instanceof List<?> list) {
      list.forEach(element -> found.addAll(all(element, key)));
    }
    return found;
  }

  private static Map<?, ?> map(Object tree, String... path) {
    Object found = tree;
    for (String key : path) {
      assertThat(found).isInstanceOf(Map.class);
      found = ((Map<?, ?>) found).get(key);
    }
    assertThat(found).as(String.join(".", path)).isInstanceOf(Map.class);
    return (Map<?, ?>) found;
  }

  private static StreamConfig read(String json) throws Exception {
    return StreamConfig.parse(json, PluginRegistry.discover(), Map.of());
  }

  /** The command line is one that picocli takes: only the configuration is not there. */
  private static void isUnderstood(List<String> words) throws Exception {
    StreamProcess.Result result = StreamProcess.run(words.toArray(String[]::new));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("/etc/stream/")
        .contains("does not exist")
        .doesNotContain("--help");
  }

  @Test
  void composeStartsTheApplicationAfterTheRestore() throws Exception {
    Object compose = documents("docker-compose/compose.yaml").get(0);
    for (String service : List.of("restore", "stream")) {
      Map<?, ?> one = map(compose, "services", service);
      assertThat(one.get("read_only")).isEqualTo(true);
      assertThat(one.get("cap_drop")).isEqualTo(List.of("ALL"));
      assertThat(one.get("user")).isEqualTo("10001:10001");
      assertThat(one.get("tmpfs").toString()).contains("/tmp:noexec");
      isUnderstood(List.of(one.get("command").toString().split(" ")));
    }
    for (String service : List.of("app", "stream")) {
      assertThat(map(compose, "services", service, "depends_on", "restore").get("condition"))
          .isEqualTo("service_completed_successfully");
    }
    assertThat(map(compose, "volumes").keySet()).hasToString("[backups, database]");
    StreamConfig config = read(Files.readString(EXAMPLES.resolve("docker-compose/stream.json")));
    assertThat(config.requireDatabase().path()).isEqualTo(Path.of("/data/app.db"));
    assertThat(config.replicas().get(0).type()).isEqualTo("s3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes/sidecar.yaml", "kubernetes/exec.yaml"})
  void podsOfKubernetesAreLockedUpAndTheirConfigurationIsRead(String file) throws Exception {
    List<Object> documents = documents(file);
    Object config = map(documents.get(0), "data").get("stream.json");
    assertThat(read(config.toString()).replicas()).hasSize(1);
    Object workload = documents.get(1);
    Map<?, ?> pod = map(workload, "spec", "template", "spec");
    assertThat(map(pod, "securityContext").get("runAsNonRoot")).isEqualTo(true);
    assertThat(map(workload, "spec").get("replicas")).isEqualTo(1);
    List<Object> contexts = all(pod, "readOnlyRootFilesystem");
    assertThat(contexts).isNotEmpty().containsOnly(true);
    for (Object args : all(pod, "args")) {
      isUnderstood(((List<?>) args).stream().map(Object::toString).toList());
    }
    List<Object> volumes = new ArrayList<>(all(pod.get("volumes"), "name"));
    volumes.addAll(all(all(workload, "volumeClaimTemplates"), "name"));
    for (Object mounts : all(pod, "volumeMounts")) {
      assertThat(volumes).containsAll(all(mounts, "name"));
    }
  }

  /** The unit as it is installed, with a program that there is. */
  private Path unit() throws IOException {
    String text = Files.readString(UNIT);
    assertThat(text).contains("ExecStart=/usr/bin/stream replicate --config /etc/stream/%i.json\n");
    Path unit = folder.resolve("stream@.service");
    return Files.writeString(unit, text.replace("/usr/bin/stream ", "/bin/true "));
  }

  @Test
  void theUnitIsOneThatSystemdUnderstands() throws Exception {
    isUnderstood(List.of("replicate", "--config", "/etc/stream/app.json"));
    Path unit = unit();
    String analyze = Programs.find("systemd-analyze").toString();
    Path instance = Files.copy(unit, folder.resolve("stream@app.service"));
    Shell.Result verified = Shell.run(analyze, "verify", "--man=no", instance.toString());
    assertThat(verified.output().lines().filter(line -> line.contains("stream@app")))
        .as(verified.output())
        .isEmpty();
  }

  /** 10 is a unit without any protection. */
  @Test
  void theUnitIsLockedUp() throws Exception {
    String analyze = Programs.find("systemd-analyze").toString();
    Path instance = Files.copy(unit(), folder.resolve("stream@app.service"));
    Shell.Result judged =
        Shell.run(analyze, "security", "--offline=true", "--threshold=25", instance.toString());
    assertThat(judged.exit()).as(judged.output()).isZero();
  }
}
