package dev.stream.replica.file;

import static dev.stream.replica.file.TestObjects.failure;
import static dev.stream.replica.file.TestObjects.files;
import static dev.stream.replica.file.TestObjects.keys;
import static dev.stream.replica.file.TestObjects.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileReplicaCrashTest {

  private static final String STAGING = ".stream~";

  @TempDir Path folder;

  @Test
  void aPutThatIsKilledShowsNothingAndIsCleanedUpByAnother() throws Exception {
    Path root = folder.resolve("replica");
    Process writer = startStuckWriter(root, "g/a");
    try {
      // Another process at work must not take the living one's file for a leftover.
      Replica beside = open(root);
      put(beside, "g/b", 10);
      assertThat(keys(beside)).containsExactly("g/b");
      assertThat(failure(() -> beside.open(new ObjectKey("g/a"), 0, 1)).reason())
          .isEqualTo(Reason.NOT_FOUND);
      assertThat(staging(root)).as("staging file of the living writer").hasSize(1);
    } finally {
      writer.destroyForcibly().waitFor();
    }

    Replica after = open(root);
    assertThat(keys(after)).containsExactly("g/b");
    assertThat(staging(root)).as("what the killed writer left").hasSize(1);
    put(after, "g/a", 20);
    assertThat(staging(root)).as("after another put").isEmpty();
    assertThat(keys(after)).containsExactly("g/a", "g/b");
    assertThat(Files.size(root.resolve("g/a"))).isEqualTo(20);
  }

  @Test
  void aKilledReplacementLeavesTheFormerObject() throws Exception {
    Path root = folder.resolve("replica");
    Replica replica = open(root);
    put(replica, "g/a", 33);
    startStuckWriter(root, "g/a").destroyForcibly().waitFor();
    assertThat(keys(replica)).containsExactly("g/a");
    try (InputStream in = replica.open(new ObjectKey("g/a"), 0, 100)) {
      assertThat(in.readAllBytes()).hasSize(33);
    }
  }

  @Test
  void anotherInstanceOfThisProcessLeavesAWritersFileAlone() throws Exception {
    Path root = Files.createDirectory(folder.resolve("replica"));
    try (StagingFile living = StagingFile.create(root)) {
      put(open(root), "g/a", 1);
      assertThat(living.path()).exists();
    }
    assertThat(staging(root)).isEmpty();
  }

  private static Replica open(Path root) {
    return new FileReplicaProvider().open(new FileReplicaConfig(root));
  }

  private static List<String> staging(Path root) throws Exception {
    return files(root).stream().filter(name -> name.startsWith(STAGING)).toList();
  }

  private static Process startStuckWriter(Path root, String key) throws Exception {
    String classPath =
        Stream.of(FileReplica.class, StuckWriter.class, Replica.class)
            .map(each -> each.getProtectionDomain().getCodeSource().getLocation())
            .map(location -> new File(location.getPath()).toString())
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    // On the module path both halves of this module have one location.
    String testClasses = Path.of("target", "test-classes").toAbsolutePath().toString();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath + File.pathSeparator + testClasses,
                StuckWriter.class.getName(),
                root.toString(),
                key)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("half");
    return process;
  }
}
