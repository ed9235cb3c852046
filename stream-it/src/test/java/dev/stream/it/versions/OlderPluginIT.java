package dev.stream.it.versions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.core.plugin.PluginRegistry;
import dev.stream.it.cli.Shop;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.cli.StreamProcess.Result;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Today's Stream with a plug-in that knows only the oldest supported stream-api, or another. */
final class OlderPluginIT {

  @TempDir Path folder;

  private Installation installation(String path, Path... jars) throws IOException {
    return path.equals("module path")
        ? Installation.onModulePath(folder, jars)
        : Installation.onClassPath(jars);
  }

  private Path box() throws IOException {
    return Files.createDirectory(folder.resolve("box"));
  }

  private static Path config(Shop shop, String replicas) throws IOException {
    return shop.write(
        """
        {"database": {"type": "sqlite", "path": "%s"}, "shadowDir": "%s", "syncInterval": "50ms",
         "closeTimeout": "1s", "replicas": [%s]}
        """
            .formatted(shop.database, shop.shadow, replicas));
  }

  private static String legacy(Path box) {
    return "{\"type\": \"legacy\", \"box\": \"" + box + "\"}";
  }

  private static String file(Shop shop) {
    return "{\"type\": \"file\", \"path\": \"" + shop.replica + "\"}";
  }

  private static boolean holds(Path box, String kind, int least) {
    try (Stream<Path> files = Files.list(box)) {
      return files.filter(file -> file.toString().contains("+" + kind + "+")).count() >= least;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The jar that was built then, and what its source becomes today, behave alike. */
  @ParameterizedTest
  @CsvSource({"kept, module path", "kept, class path", "rebuilt, module path"})
  void replicatesAndRestoresThroughAPluginOfTheOldestSupportedApi(String jar, String path)
      throws Exception {
    Path plugin =
        jar.equals("kept")
            ? LegacyPlugin.JAR
            : LegacyPlugin.source(folder).jar("legacy-replica-1.0.jar");
    Installation stream = installation(path, plugin);
    Result plugins = stream.run("plugins");
    assertThat(plugins.exit()).as(plugins.out() + plugins.err()).isZero();
    assertThat(plugins.out())
        .containsPattern("replica +legacy +\\S.* +1\\.0 +SPI 1 +\\S*/legacy-replica-1.0.jar");
    Path box = box();
    try (Shop shop = new Shop(folder)) {
      String config = config(shop, legacy(box)).toString();
      try (StreamProcess running = stream.start("replicate", "--config", config).awaitReady()) {
        for (int i = 1; i <= 3; i++) {
          int wanted = i;
          shop.order();
          StreamProcess.await("segment " + i, () -> holds(box, "segments", wanted));
        }
        StreamProcess.await("the snapshot", () -> holds(box, "snapshots", 1));
        Result ended = running.terminate();
        assertThat(ended.exit()).as(ended.err()).isZero();
      }
      for (String command : Set.of("verify", "check")) {
        Result result = stream.run(command, "--config", config);
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
      }
      Result url = stream.run("list", "--from", "legacy://" + box);
      assertThat(url.exit()).isEqualTo(2);
      assertThat(url.err())
          .contains("replicas of type \"legacy\" have no URLs; use a configuration");
      Path restored = folder.resolve("restored.db");
      Result restore = stream.run("restore", "--config", config, "-o", restored.toString());
      assertThat(restore.exit()).as(restore.err()).isZero();
      assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"module path", "class path"})
  void aPluginForANewerSpiIsRefusedWithBothVersionsAndTheOthersWork(String path) throws Exception {
    Path newer =
        LegacyPlugin.source(folder).attribute("Stream-Spi-Version", "2").jar("newer-3.0.jar");
    Installation stream = installation(path, newer);
    String problem =
        "it is made for version 2 of the plug-in interfaces, this Stream has version "
            + PluginRegistry.SPI_VERSION
            + "; use a newer Stream or an older release of the plug-in";
    Result plugins = stream.run("plugins");
    assertThat(plugins.exit()).isEqualTo(1);
    assertThat(plugins.out()).contains("newer-3.0.jar").contains("BROKEN: " + problem);
    assertThat(plugins.out().lines().filter(line -> line.contains("BROKEN"))).hasSize(1);
    try (Shop shop = new Shop(folder)) {
      String config = config(shop, legacy(box())).toString();
      Result refused = stream.run("check", "--config", config);
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err())
          .contains("replica type \"legacy\" is found but broken")
          .contains("newer-3.0.jar: " + problem);
      config = config(shop, file(shop)).toString();
      Result check = stream.run("check", "--config", config);
      assertThat(check.exit()).as(check.out() + check.err()).isZero();
    }
  }

  /** What a plug-in meets that was compiled against a method that has been removed since. */
  private static String keyWithRemovedMethod() {
    return """
        package dev.stream.api.replica;
        public record ObjectKey(String value) implements Comparable<ObjectKey> {
          public static String removed() { return "legacy"; }
          public int compareTo(ObjectKey other) { return 0; }
        }
        """;
  }

  @ParameterizedTest
  @ValueSource(strings = {"module path", "class path"})
  void aPluginThatDoesNotLinkWhenItIsFoundIsReportedWithItsJar(String path) throws Exception {
    Path misfit =
        LegacyPlugin.source(folder)
            .againstApiWith("dev.stream.api.replica.ObjectKey", keyWithRemovedMethod())
            .change(
                "LegacyReplicaProvider",
                "return \"legacy\";",
                "return dev.stream.api.replica.ObjectKey.removed();")
            .jar("misfit.jar");
    Result plugins = installation(path, misfit).run("plugins");
    assertThat(plugins.exit()).isEqualTo(1);
    assertThat(plugins.out())
        .containsPattern("replica +\\? .*misfit\\.jar\\R +BROKEN: NoSuchMethodError: .*removed")
        .containsPattern("replica +file ")
        .containsPattern("database +sqlite ");
    assertThat(plugins.out().lines().filter(line -> line.contains("BROKEN"))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "module path, NoSuchMethodError",
    "class path, NoSuchMethodError",
    "module path, AbstractMethodError"
  })
  void aPluginThatDoesNotLinkWhenItIsUsedFailsAloneAndNamesItsJar(String path, String error)
      throws Exception {
    LegacyPlugin source = LegacyPlugin.source(folder);
    if (error.equals("NoSuchMethodError")) {
      source
          .againstApiWith("dev.stream.api.replica.ObjectKey", keyWithRemovedMethod())
          .change("LegacyReplica", "Path staged =", "ObjectKey.removed();\n    Path staged =");
    } else {
      // As if put had come to the interface after this plug-in was compiled.
      source
          .againstApiWith(
              "dev.stream.api.replica.Replica",
              """
              package dev.stream.api.replica;
              import java.io.*;
              import java.util.Collection;
              public interface Replica extends AutoCloseable {
                String name();
                InputStream open(ObjectKey key, long offset, long length) throws IOException;
                ObjectListing list(String prefix) throws IOException;
                void delete(Collection<ObjectKey> keys) throws IOException;
                void close() throws IOException;
              }
              """)
          .change("LegacyReplica", "@Override\n  public ObjectInfo put", "ObjectInfo lost");
    }
    Installation stream = installation(path, source.jar("misfit.jar"));
    try (Shop shop = new Shop(folder)) {
      shop.order();
      String config = config(shop, legacy(box()) + ", " + file(shop)).toString();
      Result check = stream.run("check", "--config", config);
      assertThat(check.exit()).isEqualTo(1);
      assertThat(check.out())
          .containsPattern("FAILED +replica legacy: .*misfit\\.jar does not fit: .*" + error)
          .contains("ok      replica file");
      try (StreamProcess running = stream.start("replicate", "--config", config).awaitReady()) {
        running.awaitLine("replica legacy cannot take");
        shop.order();
        Result ended = running.terminate();
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err())
            .contains("misfit.jar does not fit", error, "replica legacy lacks")
            .doesNotContain("Exception in thread")
            .doesNotContain("replica file lacks");
      }
      Path restored = folder.resolve("restored.db");
      Result restore =
          stream.run("restore", "--config", config, "-o", restored.toString(), "--replica", "file");
      assertThat(restore.exit()).as(restore.err()).isZero();
      assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
    }
  }

  /** The comparison of the two jars in stream-api's build does not look at the module's exports. */
  @Test
  void everyPackageThatWasExportedStillIs() {
    assertThat(exports(StreamProcess.distribution().resolve("lib")))
        .isNotEmpty()
        .containsAll(exports(LegacyPlugin.API));
  }

  private static Set<String> exports(Path jars) {
    return ModuleFinder.of(jars)
        .find("dev.stream.api")
        .orElseThrow()
        .descriptor()
        .exports()
        .stream()
        .filter(exported -> !exported.isQualified())
        .map(ModuleDescriptor.Exports::source)
        .collect(Collectors.toSet());
  }
}
