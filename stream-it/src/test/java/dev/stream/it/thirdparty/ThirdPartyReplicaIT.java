package dev.stream.it.thirdparty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.ExampleProject;
import dev.stream.it.cli.Shop;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.cli.StreamProcess.Result;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import dev.stream.it.versions.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole way of a replica that somebody else publishes: its own build proves it by the contract,
 * its jar is put into {@code plugins}, and a configuration names its type. Nothing of Stream knows
 * of it.
 */
final class ThirdPartyReplicaIT {

  private static final String CONTRACT = "org.example.stream.webdav.WebdavContractTest";
  private static final String JAR = "target/stream-replica-webdav-1.0.0.jar";

  @TempDir static Path built;

  private static ExampleProject example;
  private static RunningServer server;

  @TempDir Path folder;

  @BeforeAll
  static void buildAndServe() throws Exception {
    example = ExampleProject.copy("third-party-replica", built, "stream-api", "stream-testkit");
    long begin = System.nanoTime();
    example.verify();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.println("example built and tested in " + took.toSeconds() + " s");
    server = Servers.start(new HttpdRecipe());
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    if (example != null) {
      example.close();
    }
  }

  /** That of the distribution with the jar in its folder {@code plugins}, on either path. */
  private Installation installation(String path) throws IOException {
    if (path.equals("module path")) {
      return Installation.onModulePath(folder, example.file(JAR));
    }
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.copy(example.file(JAR), plugins.resolve(example.file(JAR).getFileName()));
    return Installation.onClassPath(plugins.resolve("*"));
  }

  @Test
  void passesTheContractInItsOwnBuild() throws Exception {
    Matcher counts =
        Pattern.compile("tests=\"(\\d+)\" errors=\"(\\d+)\" skipped=\"(\\d+)\" failures=\"(\\d+)\"")
            .matcher(
                Files.readString(
                    example.file("target/surefire-reports/TEST-" + CONTRACT + ".xml")));
    assertThat(counts.find()).isTrue();
    assertThat(Integer.parseInt(counts.group(1))).isGreaterThanOrEqualTo(38);
    assertThat(List.of(counts.group(2), counts.group(3), counts.group(4))).containsOnly("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"module path", "class path"})
  void isListedWithItsVersionAndJar(String path) throws Exception {
    Result plugins = installation(path).run("plugins");
    assertThat(plugins.exit()).as(plugins.out() + plugins.err()).isZero();
    String module =
        path.equals("module path") ? "org\\.example\\.stream\\.webdav" : "\\(class path\\)";
    assertThat(plugins.out())
        .containsPattern(
            "replica +webdav +"
                + module
                + " +1\\.0\\.0 +SPI 1 +\\S*/plugins/stream-replica-webdav-1\\.0\\.0\\.jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"module path", "class path"})
  void replicatesVerifiesAndRestores(String path) throws Exception {
    Installation stream = installation(path);
    try (Shop shop = new Shop(folder)) {
      String config = config(shop, path.replace(' ', '-')).toString();
      try (StreamProcess running = stream.start("replicate", "--config", config).awaitReady()) {
        for (int i = 0; i < 20; i++) {
          shop.order();
        }
        Result ended = running.terminate();
        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out() + ended.err()).doesNotContain(HttpdRecipe.PASSWORD);
      }
      for (String command : List.of("check", "verify")) {
        Result result = stream.run(command, "--config", config);
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        assertThat(result.out() + result.err()).doesNotContain(HttpdRecipe.PASSWORD);
      }
      Path restored = folder.resolve("restored.db");
      Result restore = stream.run("restore", "--config", config, "-o", restored.toString());
      assertThat(restore.exit()).as(restore.err()).isZero();
      assertThat(Files.mismatch(shop.reference(), restored)).isEqualTo(-1);
      String url =
          HttpdRecipe.url(server, path.replace(' ', '-'))
              .replace("http://", "webdav://" + HttpdRecipe.USER + "@");
      Path again = folder.resolve("again.db");
      try (StreamProcess named =
          stream.start(
              Map.of("DAV_PASSWORD", HttpdRecipe.PASSWORD),
              "restore",
              "--from",
              url + "?password=${DAV_PASSWORD}",
              "-o",
              again.toString())) {
        Result restoredByUrl = named.await();
        assertThat(restoredByUrl.exit()).as(restoredByUrl.err()).isZero();
      }
      assertThat(Files.mismatch(restored, again)).isEqualTo(-1);
    }
  }

  @Test
  void wrongKeysAndPasswordsAreToldInItsOwnWords() throws Exception {
    Installation stream = installation("module path");
    try (Shop shop = new Shop(folder)) {
      String replica = "{\"type\": \"webdav\", \"url\": \"%s\", %s}";
      String url = HttpdRecipe.url(server, "denied");
      String unknown = replica.formatted(url, "\"pasword\": \"x\"");
      Result refused = stream.run("check", "--config", write(shop, unknown).toString());
      assertThat(refused.exit()).as(refused.err()).isEqualTo(2);
      assertThat(refused.err()).contains("pasword", "did you mean \"password\"?");
      String alone = replica.formatted(url, "\"user\": \"somebody\"");
      Result incomplete = stream.run("check", "--config", write(shop, alone).toString());
      assertThat(incomplete.exit()).as(incomplete.err()).isEqualTo(2);
      assertThat(incomplete.err()).contains("replicas[0].password", "is missing");
      String wrong =
          replica.formatted(url, "\"user\": \"somebody\", \"password\": \"not-this-one\"");
      Result denied = stream.run("check", "--config", write(shop, wrong).toString());
      assertThat(denied.exit()).isEqualTo(1);
      assertThat(denied.out() + denied.err())
          .contains("refuses the login (401)")
          .doesNotContain("not-this-one");
    }
  }

  private static Path config(Shop shop, String place) throws IOException {
    return write(
        shop,
        """
        {"type": "webdav", "url": "%s", "user": "%s", "password": "%s"}
        """
            .formatted(HttpdRecipe.url(server, place), HttpdRecipe.USER, HttpdRecipe.PASSWORD));
  }

  private static Path write(Shop shop, String replica) throws IOException {
    return shop.write(
        """
        {"database": {"type": "sqlite", "path": "%s"}, "shadowDir": "%s", "syncInterval": "50ms",
         "closeTimeout": "30s", "replicas": [%s]}
        """
            .formatted(shop.database, shop.shadow, replica));
  }
}
