package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.Shipped;
import dev.stream.it.cli.StreamProcess.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution in parts: the core, and an archive for each backend that is wanted. */
final class DistributionsIT {

  private static final List<String> BACKENDS = List.of("h2", "nats", "s3", "sftp");

  /**
   * Modules that classes of libraries use which Stream does not: H2's Java sources in SQL, its
   * console, its profiler and an option of sockets; Kerberos of sshj; annotations of the others.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "java.compiler",
          "java.desktop",
          "java.instrument",
          "java.management",
          "java.scripting",
          "java.security.jgss",
          "jdk.net");

  private static List<String[]> uses = List.of();

  @TempDir Path folder;

  /** Unpacks the parts beside one another, as their readers do. */
  private Path unpack(String... parts) throws Exception {
    Path whole = StreamProcess.distribution();
    for (String part : parts) {
      Process tar =
          new ProcessBuilder("tar", "-xzf", whole + "-" + part + ".tar.gz", "-C", folder.toString())
              .inheritIO()
              .start();
      assertThat(tar.waitFor()).as(part).isZero();
    }
    return folder.resolve(whole.getFileName());
  }

  private static Result run(Path home, String... args) throws Exception {
    Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
    try (StreamProcess process =
        StreamProcess.start(List.of(), java, home.resolve("bin/stream"), args)) {
      return process.await();
    }
  }

  private static Set<String> jars(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The types that it lists beyond the core's; all must work, and the JVM must not complain. */
  private static List<String> backends(Path home) throws Exception {
    Result plugins = run(home, "plugins");
    assertThat(plugins.exit()).as(plugins.out() + plugins.err()).isZero();
    assertThat(plugins.err()).isEmpty();
    assertThat(plugins.out()).containsPattern("codec +zstd").containsPattern("database +sqlite");
    assertThat(plugins.out()).containsPattern("replica +file");
    return plugins
        .out()
        .lines()
        .filter(line -> line.startsWith("replica ") || line.startsWith("database "))
        .map(line -> line.split(" +", 3)[1])
        .filter(type -> !Set.of("bolt", "file", "sqlite").contains(type))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "h2", "nats", "s3", "sftp", "h2 s3", "nats s3", "nats sftp", "s3 sftp"})
  void everyChoiceOfBackendsListsExactlyThose(String chosen) throws Exception {
    List<String> backends =
        Arrays.stream(chosen.split(" ")).filter(name -> !name.isEmpty()).toList();
    List<String> parts = new ArrayList<>(List.of("core"));
    parts.addAll(backends);
    Path home = unpack(parts.toArray(String[]::new));
    assertThat(backends(home)).containsExactlyElementsOf(backends);
    for (String backend : BACKENDS) {
      if (!backends.contains(backend)) {
        saysWhatToAdd(home, backend);
      }
    }
  }

  private void saysWhatToAdd(Path home, String type) throws Exception {
    boolean database = type.equals("h2");
    String artifact = database ? "stream-source-" : "stream-replica-";
    Path config =
        Files.writeString(
            folder.resolve("stream.json"),
            """
            {"database": {"type": "%s", "path": "app.db"}, "shadowDir": "shadow",
             "replicas": [{"type": "%s", "path": "replica"}]}
            """
                .formatted(database ? type : "sqlite", database ? "file" : type));
    Result check = run(home, "check", "--config", config.toString());
    assertThat(check.exit()).isEqualTo(2);
    assertThat(check.err())
        .contains("there is no " + (database ? "database" : "replica") + " type \"" + type + "\"")
        .contains("add the artifact dev.stream:" + artifact + type);
  }

  @Test
  void allPartsTogetherAreTheWholeWithNothingTwice() throws Exception {
    Path home = unpack("core", "h2", "nats", "s3", "sftp");
    Set<String> lib = jars(home.resolve("lib"));
    Set<String> plugins = jars(home.resolve("plugins"));
    assertThat(lib).doesNotContainAnyElementsOf(plugins);
    Set<String> all = new TreeSet<>(lib);
    all.addAll(plugins);
    assertThat(all).isEqualTo(jars(StreamProcess.distribution().resolve("lib")));
    assertThat(backends(home)).containsExactlyElementsOf(BACKENDS);
    assertThat(backends(StreamProcess.distribution())).containsExactlyElementsOf(BACKENDS);
  }

  /** Which modules use which is asked of the whole distribution; a part must hold what it uses. */
  @Test
  void everyPartBringsTheModulesThatItsModulesUse() throws Exception {
    Set<String> whole = modules(StreamProcess.distribution().resolve("lib"));
    List<String[]> uses =
        uses().stream().filter(use -> whole.contains(use[1])).toList(); // not the JDK's
    Path home = unpack("core");
    for (String backend : BACKENDS) {
      Path plugins = unpack(backend).resolve("plugins");
      Set<String> present = modules(home.resolve("lib"));
      present.addAll(modules(plugins));
      Set<String> used =
          uses.stream()
              .filter(use -> present.contains(use[0]))
              .map(use -> use[1])
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(used).as(backend).contains("dev.stream.api");
      assertThat(present).as(backend).containsAll(used);
      for (String jar : jars(plugins)) {
        Files.delete(plugins.resolve(jar)); // the next backend has to do without
      }
    }
  }

  /** What a library begins to use of the JDK has to be thought about. */
  @Test
  void theRuntimeHasWhatIsUsedOfTheJdkButForFeaturesLeftOut() throws Exception {
    Set<String> used =
        uses().stream()
            .map(use -> use[1])
            .filter(name -> name.startsWith("java.") || name.startsWith("jdk."))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(used).contains("java.base", "java.sql", "jdk.httpserver").containsAll(LEFT_OUT);
    used.removeAll(LEFT_OUT);
    Set<String> present = StreamProcess.modulesOfRuntime();
    assertThat(present).containsAll(used);
    String documented = Files.readString(Shipped.PROJECT.resolve("docs/DEPLOYMENT.md"));
    assertThat(present).allMatch(name -> documented.contains("`" + name + "`"));
  }

  /** Which module uses which, of the whole distribution and the JDK; asked once, it takes long. */
  private static synchronized List<String[]> uses() {
    if (uses.isEmpty()) {
      // With all modules of the JDK, or uses of those that nothing requires would be passed over.
      String[] arguments = {
        "-summary",
        "--multi-release=base",
        "--ignore-missing-deps",
        "--module-path=" + StreamProcess.distribution().resolve("lib"),
        "--add-modules=ALL-MODULE-PATH,ALL-SYSTEM",
        "--module=dev.stream.cli"
      };
      StringWriter output = new StringWriter();
      PrintWriter printer = new PrintWriter(output);
      int exit = ToolProvider.findFirst("jdeps").orElseThrow().run(printer, printer, arguments);
      assertThat(exit).as(output.toString()).isZero();
      uses =
          output
              .toString()
              .lines()
              .map(line -> line.split(" -> ", 2))
              .filter(use -> use.length == 2)
              .toList();
    }
    return uses;
  }

  private static Set<String> modules(Path jars) {
    return ModuleFinder.of(jars).findAll().stream()
        .map(module -> module.descriptor().name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Nothing installed knows H2's files: restored and proven all the same, and told. */
  @Test
  void anH2ReplicaIsRestoredWithoutThePlugIn() throws Exception {
    H2Shop shop = new H2Shop(folder);
    try (H2Shop open = shop.open()) {
      open.order();
    }
    Path home = unpack("core");
    String from = shop.replica.toString();
    assertThat(run(home, "verify", "--from", from).out()).contains("whole and proven");
    Path restored = folder.resolve("restored.mv.db");
    Result result = run(home, "restore", "--from", from, "--output", restored.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("nothing installed here can check it as a database of type h2")
        .doesNotContain("own check passed");
    assertThat(Files.mismatch(shop.database, restored)).isEqualTo(-1);
  }

  @Test
  void everyLibraryIsNamedInTheNoticeWithItsLicence() throws Exception {
    Path home = StreamProcess.distribution();
    Set<String> libraries =
        jars(home.resolve("lib")).stream()
            .map(name -> name.replaceFirst("-[0-9].*", ""))
            .filter(name -> !name.startsWith("stream-"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named =
        Files.readAllLines(home.resolve("NOTICE")).stream()
            .filter(
                line ->
                    line.matches("  \\S+ +(\\* )?(Apache-2.0|MIT|MPL-2.0|BSD-\\S+) +https://\\S+"))
            .map(line -> line.strip().split(" ", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).isEqualTo(libraries);
  }
}
