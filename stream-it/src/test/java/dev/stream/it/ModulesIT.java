package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.plugin.PluginKind;
import dev.stream.core.plugin.PluginRegistry;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shipped consists of modules that people can pick from, on either path. */
final class ModulesIT {

  private static final String MAIN = "dev.stream.cli.StreamCommand";

  /** What others plug into, and what stands on it. */
  private static final Set<String> NO_PLUGINS =
      Set.of(
          "stream-api",
          "stream-core",
          "stream-metrics",
          "stream-cli",
          "stream-spring-boot-starter");

  private static final String SERVICES = "META-INF/services/";

  @TempDir Path folder;

  static Set<String> shipped() throws Exception {
    return Shipped.bom().keySet();
  }

  static Stream<String> plugins() throws Exception {
    return shipped().stream().filter(name -> !NO_PLUGINS.contains(name));
  }

  private static Path jar(String artifact) throws Exception {
    return Shipped.jar(artifact, Shipped.bom().get(artifact));
  }

  private static Set<String> requires(String artifact) throws Exception {
    return Shipped.descriptor(jar(artifact)).requires().stream()
        .map(Requires::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void bomListsEveryShippedModuleInItsVersion() throws Exception {
    Set<String> built = new TreeSet<>(Shipped.modules());
    built.removeAll(Set.of("stream-bom", "stream-benchmarks", "stream-it"));
    assertThat(shipped()).isEqualTo(built);
    for (Map.Entry<String, String> entry : Shipped.bom().entrySet()) {
      assertThat(entry.getValue())
          .as(entry.getKey())
          .isEqualTo(Shipped.version(entry.getKey()))
          .as(entry.getKey() + " as the module says it")
          .isEqualTo(Shipped.descriptor(jar(entry.getKey())).rawVersion().orElse("none"));
    }
  }

  /** The BOM has no parent; all others get from theirs what they do not say themselves. */
  @Test
  void everyPomSaysWhatItIsWhereItComesFromAndUnderWhichLicence() throws Exception {
    for (String own : List.of("url", "licenses", "scm", "developers")) {
      assertThat(Shipped.says("stream-bom", own)).as("stream-bom: " + own).isTrue();
      assertThat(Shipped.says(".", own)).as("stream-parent: " + own).isTrue();
    }
    for (String module : Shipped.modules()) {
      assertThat(Shipped.says(module, "name")).as(module + ": name").isTrue();
      assertThat(Shipped.says(module, "description")).as(module + ": description").isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void isNamedModuleWhoseProvidersAreThoseOfTheClassPath(String artifact) throws Exception {
    Path jar = jar(artifact);
    ModuleDescriptor module = Shipped.descriptor(jar);
    assertThat(module.isAutomatic()).isFalse();
    assertThat(module.name()).isEqualTo("dev." + artifact.replace('-', '.'));
    Map<String, List<String>> provides = new TreeMap<>();
    module.provides().forEach(one -> provides.put(one.service(), one.providers()));
    assertThat(provides).isEqualTo(services(jar));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void saysWhichSpiItWasCompiledAgainst(String artifact) throws Exception {
    try (JarFile file = new JarFile(jar(artifact).toFile())) {
      assertThat(
              file.getManifest().getMainAttributes().getValue(PluginRegistry.SPI_VERSION_ATTRIBUTE))
          .isEqualTo(Integer.toString(PluginRegistry.SPI_VERSION));
    }
  }

  @Test
  void whatIsMissingIsAdvisedFromAListOfWhatIsPublished() throws Exception {
    Properties listed = new Properties();
    String name = "dev/stream/core/plugin/published.properties";
    try (JarFile core = new JarFile(jar("stream-core").toFile())) {
      listed.load(core.getInputStream(core.getEntry(name)));
    }
    Set<String> published = new TreeSet<>();
    for (String artifact : shipped()) {
      services(jar(artifact))
          .forEach(
              (service, providers) -> {
                if (service.startsWith("dev.stream.")) {
                  providers.forEach(one -> published.add("dev.stream:" + artifact + " " + one));
                }
              });
    }
    published.removeIf(line -> line.contains("stream-testkit"));
    assertThat(new TreeSet<>(listed.values())).isEqualTo(published);
    PluginRegistry plugins = PluginRegistry.discover();
    for (PluginKind kind : PluginKind.values()) {
      String prefix = kind.name().toLowerCase(Locale.ROOT) + ".";
      assertThat(listed.stringPropertyNames().stream().filter(key -> key.startsWith(prefix)))
          .as(prefix)
          .containsAll(
              plugins.names(kind).stream()
                  .filter(one -> !one.startsWith("memory"))
                  .map(one -> prefix + one)
                  .toList());
    }
  }

  /** The providers that a jar's META-INF/services names, by service. */
  private static Map<String, List<String>> services(Path jar) throws IOException {
    Map<String, List<String>> services = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        if (entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
          String text =
              new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
          services.put(
              entry.getName().substring(SERVICES.length()),
              text.lines().map(String::strip).filter(line -> !line.isEmpty()).sorted().toList());
        }
      }
    }
    return services;
  }

  @ParameterizedTest
  @MethodSource("plugins")
  void pluginStandsOnTheApiAlone(String artifact) throws Exception {
    assertThat(requires(artifact))
        .contains("dev.stream.api")
        .filteredOn(name -> name.startsWith("dev.stream."))
        .containsExactly("dev.stream.api");
    assertThat(Shipped.descriptor(jar(artifact)).provides()).isNotEmpty();
  }

  @Test
  void apiDependsOnNothing() throws Exception {
    assertThat(requires("stream-api")).containsExactly("java.base", "org.jspecify");
  }

  /** Whoever has another registry takes the same from core. */
  @Test
  void onlyTheModuleOfMetricsKnowsMicrometer() throws Exception {
    assertThat(requires("stream-metrics")).contains("dev.stream.core", "micrometer.core");
    for (String artifact : shipped()) {
      if (!artifact.equals("stream-metrics")) {
        assertThat(requires(artifact)).as(artifact).noneMatch(one -> one.contains("micrometer"));
      }
    }
  }

  @Test
  void coreNamesNoPlugin() throws Exception {
    assertThat(requires("stream-core"))
        .filteredOn(name -> name.startsWith("dev.stream."))
        .containsExactly("dev.stream.api");
    List<String> packages =
        plugins()
            .map(name -> ("dev." + name.replace('-', '/')).replace('.', '/'))
            .flatMap(path -> Stream.of(path, path.replace('/', '.')))
            .toList();
    try (JarFile file = new JarFile(jar("stream-core").toFile())) {
      for (ZipEntry entry :
          file.stream().filter(one -> one.getName().endsWith(".class")).toList()) {
        String constants =
            new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(packages).as(entry.getName()).noneMatch(constants::contains);
      }
    }
  }

  /** What logs otherwise would not be where an application looks. */
  @ParameterizedTest
  @MethodSource("shipped")
  void logsBySlf4jAlone(String artifact) throws Exception {
    Set<String> others = new TreeSet<>();
    try (JarFile file = new JarFile(jar(artifact).toFile())) {
      for (ZipEntry entry :
          file.stream().filter(one -> one.getName().endsWith(".class")).toList()) {
        String constants =
            new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
        if (constants.contains("java/lang/System$Logger")
            || constants.contains("java/util/logging/")) {
          others.add(entry.getName().replaceAll(".*/|\\.class", ""));
        }
      }
    }
    others.remove("SchemeDriver"); // JDBC asks a driver for its parent logger
    assertThat(others).isEmpty();
  }

  @Test
  void distributionFindsItsPluginsOnTheModulePath() throws Exception {
    String json =
        Shell.expect(Shipped.DISTRIBUTION.resolve("bin/stream").toString(), "plugins", "--json");
    assertPlugins(json, "file", "nats", "s3", "sftp", "none", "zstd", "bolt", "h2", "sqlite");
    assertThat(json).contains("\"module\" : \"dev.stream.source.sqlite\"");
  }

  @Test
  void sameJarsWorkOnTheClassPath() throws Exception {
    String json = Shell.expect(java(), "-cp", lib() + "/*", MAIN, "plugins", "--json");
    assertPlugins(json, "file", "nats", "s3", "sftp", "none", "zstd", "bolt", "h2", "sqlite");
  }

  /** The test kit's jar stands for one by somebody else. */
  @Test
  void jarThatIsAddedIsFoundOnBothPaths() throws Exception {
    Path added = Files.createDirectory(folder.resolve("added"));
    for (String jar : ChildJvm.classPath().split(File.pathSeparator, -1)) {
      String name = Path.of(jar).getFileName().toString();
      boolean wanted =
          Stream.of("junit-", "assertj-", "opentest4j-", "apiguardian-", "byte-buddy-")
              .anyMatch(name::startsWith);
      if (wanted && name.endsWith(".jar")) {
        Files.copy(Path.of(jar), added.resolve(name));
      }
    }
    Files.copy(jar("stream-testkit"), added.resolve("stream-testkit.jar"));
    String onClassPath =
        Shell.expect(
            java(),
            "-cp",
            lib() + "/*" + File.pathSeparator + added + "/*",
            MAIN,
            "plugins",
            "--json");
    assertPlugins(
        onClassPath,
        "file",
        "memory",
        "nats",
        "s3",
        "sftp",
        "none",
        "zstd",
        "bolt",
        "h2",
        "sqlite");
    String onModulePath =
        Shell.expect(
            java(),
            "--module-path",
            lib() + File.pathSeparator + added,
            "--add-modules",
            String.join(",", providerModules()),
            "--module",
            "dev.stream.cli/" + MAIN,
            "plugins",
            "--json");
    assertPlugins(
        onModulePath,
        "file",
        "memory",
        "nats",
        "s3",
        "sftp",
        "none",
        "zstd",
        "bolt",
        "h2",
        "sqlite");
    assertThat(onModulePath).contains("\"module\" : \"dev.stream.testkit\"");
  }

  /** H2 is an automatic module: what it needs of the JDK, others have to say. */
  @Test
  void anApplicationOnTheModulePathReplicatesH2WithNothingMoreOfTheJdkThanItRequires()
      throws Exception {
    Path app = folder.resolve("app");
    String stream = lib().toString();
    Path module =
        Files.writeString(
            folder.resolve("module-info.java"),
            """
            module app {
              requires dev.stream.core;
              requires dev.stream.source.h2;
              requires java.sql;
            }
            """);
    Path main =
        Files.writeString(
            Files.createDirectory(folder.resolve("org")).resolve("Main.java"),
            """
            package org;
            public class Main {
              public static void main(String[] args) throws Exception {
                var observer =
                    dev.stream.core.Observer.of(
                        dev.stream.core.config.StreamConfig.read(
                            java.nio.file.Path.of(args[0]),
                            dev.stream.core.plugin.PluginRegistry.discover()));
                try (var stream = dev.stream.source.h2.H2Stream.register(observer);
                    var db = java.sql.DriverManager.getConnection("jdbc:h2:stream:" + args[1]);
                    var sql = db.createStatement()) {
                  sql.execute("CREATE TABLE t(id IDENTITY, a VARCHAR, b CLOB)");
                  sql.execute("CREATE INDEX i ON t(a)");
                  sql.execute("INSERT INTO t(a, b) SELECT x, repeat('clob', 9999) FROM system_range(1, 99)");
                  sql.execute("SELECT * FROM information_schema.settings");
                            }
                System.out.println("modules " + ModuleLayer.boot().modules());
              }
            }
            """);
    Path config =
        Files.writeString(
            folder.resolve("stream.json"),
            """
            {"database": {"type": "h2", "path": "%1$s/app.mv.db"}, "shadowDir": "%1$s/shadow",
             "replicas": [{"type": "file", "path": "%1$s/replica"}]}
            """
                .formatted(folder));
    Shell.expect(
        java() + "c", "-p", stream, "-d", app.toString(), module.toString(), main.toString());
    String plugins = "dev.stream.replica.file,dev.stream.codec.zstd";
    Shell.Result ran =
        Shell.run(
            java(),
            "-p",
            stream + File.pathSeparator + app,
            "--limit-modules",
            "app," + plugins,
            "--add-modules",
            plugins,
            "-m",
            "app/org.Main",
            config.toString(),
            folder.resolve("app").toString());
    assertThat(ran.exit()).as(ran.output()).isZero();
    assertThat(ran.output())
        .contains("module com.h2database")
        .doesNotContain("module java.desktop", "module dev.stream.cli", "Exception", "Error");
    String restored = folder.resolve("restored.mv.db").toString();
    Shell.expect(
        Shipped.DISTRIBUTION.resolve("bin/stream").toString(),
        "restore",
        "--config",
        config.toString(),
        "--output",
        restored);
    assertThat(Files.mismatch(folder.resolve("app.mv.db"), Path.of(restored))).isEqualTo(-1);
  }

  private static Set<String> providerModules() throws Exception {
    Set<String> names = new TreeSet<>();
    for (String plugin : plugins().toList()) {
      names.add(Shipped.descriptor(jar(plugin)).name());
    }
    return names;
  }

  @Test
  void noPackageIsInTwoModulesOfTheDistribution() {
    Map<String, String> homes = new TreeMap<>();
    for (ModuleReference module : ModuleFinder.of(lib()).findAll()) {
      for (String name : module.descriptor().packages()) {
        assertThat(homes.put(name, module.descriptor().name())).as(name).isNull();
      }
    }
    assertThat(homes).containsKey("dev.stream.api.replica");
  }

  private static void assertPlugins(String json, String... types) {
    List<String> found =
        json.lines()
            .map(String::strip)
            .filter(line -> line.startsWith("\"type\""))
            .map(line -> line.replaceAll(".*: \"(.*)\".*", "$1"))
            .toList();
    List<String> expected = new ArrayList<>(Arrays.asList(types));
    assertThat(found).as(json).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(json.lines().map(String::strip).filter(line -> line.startsWith("\"problem\"")))
        .allMatch(line -> line.equals("\"problem\" : null"));
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path lib() {
    return Shipped.DISTRIBUTION.resolve("lib");
  }
}
