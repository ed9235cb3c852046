package dev.stream.it.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.it.ExampleProject;
import dev.stream.it.Shell;
import dev.stream.it.cli.StreamProcess;
import dev.stream.it.cli.StreamProcess.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/library}, built with the BOM as a user would: on the class path, on the module
 * path, in one shaded jar and with a runtime image of its own it replicates, and the command
 * restores what it wrote.
 */
final class LibraryIT {

  private static final String MAIN = "org.example.notes/org.example.notes.Notes";

  private static final String PLUGINS =
      "dev.stream.codec.zstd,dev.stream.replica.file,dev.stream.source.sqlite";

  @TempDir static Path built;

  private static ExampleProject example;

  @TempDir Path folder;

  @BeforeAll
  static void build() throws Exception {
    example =
        ExampleProject.copy(
            "library",
            built,
            "stream-api",
            "stream-core",
            "stream-source-sqlite",
            "stream-replica-file",
            "stream-codec-zstd");
    example.verify();
  }

  @AfterAll
  static void end() throws Exception {
    if (example != null) {
      example.close();
    }
  }

  private static String jdk(String tool) {
    return Path.of(System.getProperty("java.home"), "bin", tool).toString();
  }

  private static String file(String path) {
    return example.file(path).toString();
  }

  /** Runs it, twice: the second time goes on. */
  private void replicates(String... command) throws Exception {
    for (String note : List.of("first", "second")) {
      List<String> all = new ArrayList<>(List.of(command));
      all.addAll(List.of(folder.toString(), note));
      assertThat(Shell.expect(all.toArray(String[]::new))).contains("data loss window: PT0S");
    }
    Path restored = folder.resolve("restored.db");
    Result result =
        StreamProcess.run(
            "restore",
            "--from",
            folder.resolve("backups").toString(),
            "--output",
            restored.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(Shell.expect("sqlite3", restored.toString(), "SELECT text FROM notes"))
        .isEqualTo("first\nsecond\n");
  }

  @Test
  void onTheClassPath() throws Exception {
    replicates(
        jdk("java"),
        "-cp",
        file("target/notes-1.0.0.jar") + ":" + file("target/lib") + "/*",
        "org.example.notes.Notes");
  }

  @Test
  void onTheModulePath() throws Exception {
    replicates(jdk("java"), "-p", modules(), "-m", MAIN);
  }

  @Test
  void inOneShadedJar() throws Exception {
    replicates(jdk("java"), "-jar", file("target/notes-1.0.0-all.jar"));
  }

  /** Nothing but the image runs: the program, Stream and its plug-ins are in it. */
  @Test
  void inARuntimeImageOfItsOwn() throws Exception {
    Path image = folder.resolve("image");
    Shell.expect(
        jdk("jlink"),
        "-p",
        modules(),
        "--add-modules",
        "org.example.notes," + PLUGINS,
        "--output",
        image.toString());
    assertThat(Shell.expect(image.resolve("bin/java").toString(), "--list-modules"))
        .contains("dev.stream.codec.zstd", "com.github.luben.zstd_jni")
        .doesNotContain("aircompressor");
    replicates(image.resolve("bin/java").toString(), "-m", MAIN);
  }

  /** Of the JDK's modules alone, for a program with plug-ins whose libraries jlink refuses. */
  @Test
  void besideARuntimeImageOfTheJdk() throws Exception {
    Path image = folder.resolve("image");
    Shell.expect(
        jdk("jlink"),
        "--add-modules",
        "java.sql.rowset,jdk.unsupported",
        "--output",
        image.toString());
    replicates(image.resolve("bin/java").toString(), "-p", modules(), "-m", MAIN);
  }

  /** On the module path the codec's pure Java has to be asked for. */
  @Test
  void onTheModulePathWithoutTheNativeLibrary() throws Exception {
    String pure = "-Ddev.stream.codec.zstd.pure=true";
    Shell.Result refused =
        Shell.run(jdk("java"), pure, "-p", modules(), "-m", MAIN, folder.toString(), "first");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output()).contains("--add-modules aircompressor");
    replicates(jdk("java"), pure, "-p", modules(), "--add-modules", "aircompressor", "-m", MAIN);
  }

  private static String modules() {
    return file("target/notes-1.0.0.jar") + ":" + file("target/lib");
  }
}
