package dev.stream.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unpacked distribution. */
class DistributionIT {

  @TempDir Path folder;

  @Test
  void theDemoProvesEqualityWithSqlite3OrWithout() throws Exception {
    Path place = folder.resolve("demo");
    Result demo =
        StreamProcess.run("demo", "--seconds", "1", "--folder", place.toString(), "--keep");
    assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
    assertThat(demo.out()).contains("Proven: every byte is as it was.");
    assertThat(Files.mismatch(place.resolve("reference.db"), place.resolve("shop.db")))
        .isEqualTo(-1);
    Path launcher = StreamProcess.distribution().resolve("bin/stream");
    Map<String, String> jdbc = Map.of("STREAM_JAVA_OPTS", "-Dstream.demo.jdbc=true");
    try (StreamProcess process =
        StreamProcess.start(List.of(), jdbc, launcher, "demo", "--seconds", "1")) {
      Result ended = process.await();
      assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
      assertThat(ended.out()).contains("second Java process").contains("Proven");
    }
  }

  @Test
  void itNeedsNeitherALocaleNorAFolderForTemporaryFiles() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    String inAFolderWithAnUmlaut =
        "d=$1/$'d\\xc3\\xa4mo'; shift; mkdir \"$d\" && cd \"$d\" || exit 9;"
            + " env -u LC_ALL -u LC_CTYPE -u LANG \"$@\" && test -f place/shop.db";
    try (StreamProcess process =
        StreamProcess.start(
            List.of("bash", "-c", inAFolderWithAnUmlaut, "_", folder.toString()),
            Map.of("STREAM_JAVA_OPTS", "-Dstream.demo.jdbc=true -Djava.io.tmpdir=" + temporary),
            StreamProcess.distribution().resolve("bin/stream"),
            "demo",
            "--seconds",
            "1",
            "--folder",
            "place",
            "--keep")) {
      Result demo = process.await();
      assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
    }
    assertThat(temporary).as("nothing is unpacked").isEmptyDirectory();
  }

  @Test
  void everyCommandExplainsItselfWithExamplesAndExitCodes() throws Exception {
    Result all = StreamProcess.run("--help");
    assertThat(all.exit()).isZero();
    assertThat(all.out()).contains("Exit codes").contains("stream demo");
    for (String command :
        List.of(
            "replicate",
            "restore",
            "status",
            "list",
            "verify",
            "snapshot",
            "check",
            "plugins",
            "demo")) {
      assertThat(all.out()).contains("  " + command + " ");
      Result help = StreamProcess.run(command, "--help");
      assertThat(help.exit()).isZero();
      assertThat(help.out()).contains("Examples:").contains("stream " + command);
    }
    assertThat(StreamProcess.run("--version").out()).startsWith("stream ");
  }

  @Test
  void pluginsAreNamedModulesOfTheDistribution() throws Exception {
    Result plugins = StreamProcess.run("plugins");
    assertThat(plugins.exit()).isZero();
    assertThat(plugins.out())
        .contains("dev.stream.replica.file", "dev.stream.codec.zstd", "dev.stream.source.sqlite")
        .contains(StreamProcess.distribution().resolve("lib").toString());
  }

  @Test
  void aThirdPartysJarInThePluginsFolderIsFound() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("stream"));
    Shop.copyOf(StreamProcess.distribution().resolve("bin"), copy.resolve("bin"));
    Shop.copyOf(StreamProcess.distribution().resolve("lib"), copy.resolve("lib"));
    UpsidePlugin.jar(Files.createDirectory(copy.resolve("plugins")));
    Path launcher = copy.resolve("bin/stream");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    try (StreamProcess process = StreamProcess.start(List.of(), Map.of(), launcher, "plugins")) {
      Result plugins = process.await();
      assertThat(plugins.exit()).as(plugins.out() + plugins.err()).isZero();
      assertThat(plugins.out()).contains("upside").contains("upside-1.2.jar");
    }
  }

  @Test
  void classesAreArchivedOnceAndAnArchiveThatDoesNotFitIsPassedOver() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("quick"));
    Shop.copyOf(StreamProcess.distribution().resolve("bin"), copy.resolve("bin"));
    Shop.copyOf(StreamProcess.distribution().resolve("lib"), copy.resolve("lib"));
    Path launcher = copy.resolve("bin/stream");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    assertThat(loaded(launcher, "--version")).as("none yet").doesNotContain(ARCHIVED);
    assertThat(copy.resolve("archive")).doesNotExist();

    loaded(launcher, "replicate", "--help");
    assertThat(loaded(launcher, "--version")).contains(ARCHIVED);
    assertThat(loaded(launcher, "replicate", "--help"))
        .as("a class of a library of before Java 6")
        .contains("picocli.CommandLine source: shared objects file");

    Path archive;
    try (Stream<Path> made = Files.list(copy.resolve("archive"))) {
      archive = made.toList().get(0); // the only one, whole
    }
    byte[] bytes = Files.readAllBytes(archive);
    Files.delete(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(loaded(launcher, "--version")).as("one that was cut").doesNotContain(ARCHIVED);
    Files.write(archive, bytes);
    try (Stream<Path> jars = Files.list(copy.resolve("lib"))) {
      Path jar = jars.filter(one -> one.toString().contains("picocli")).findFirst().orElseThrow();
      Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
    }
    assertThat(loaded(launcher, "--version")).as("one of another jar").doesNotContain(ARCHIVED);
  }

  private static final String ARCHIVED = "dev.stream.cli.StreamCommand source: shared objects file";

  /** Runs a command, which says nothing but what it is to say; returns where classes came from. */
  private String loaded(Path launcher, String... command) throws Exception {
    Path log = Files.createTempFile(folder, "classes", ".txt");
    Map<String, String> options =
        Map.of("STREAM_JAVA_OPTS", "-Xlog:class+load:file=" + log, "STREAM_ARCHIVE", "on");
    try (StreamProcess process = StreamProcess.start(List.of(), options, launcher, command)) {
      Result ended = process.await();
      assertThat(ended.exit()).as(ended.out() + ended.err()).isZero();
      if (command[0].equals("--version")) {
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).startsWith("stream ");
      }
    }
    return Files.readString(log);
  }
}
