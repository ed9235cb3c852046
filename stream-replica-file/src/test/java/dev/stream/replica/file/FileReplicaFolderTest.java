package dev.stream.replica.file;

import static dev.stream.replica.file.TestObjects.failure;
import static dev.stream.replica.file.TestObjects.files;
import static dev.stream.replica.file.TestObjects.keys;
import static dev.stream.replica.file.TestObjects.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.testkit.TestRun;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileReplicaFolderTest {

  @TempDir Path folder;
  private Path root;
  private Replica replica;

  @BeforeEach
  void open() {
    root = folder.resolve("replica");
    replica = new FileReplicaProvider().open(new FileReplicaConfig(root));
  }

  @Test
  void theProviderIsDeclaredForBothPaths() throws Exception {
    String service = ReplicaProvider.class.getName();
    String provider = FileReplicaProvider.class.getName();
    try (InputStream in =
        FileReplicaProvider.class.getResourceAsStream("/META-INF/services/" + service)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()).isEqualTo(provider);
    }
    ModuleDescriptor module = FileReplicaProvider.class.getModule().getDescriptor();
    assumeTrue(module != null, "not on the module path");
    assertThat(module.provides())
        .anyMatch(each -> each.service().equals(service) && each.providers().contains(provider));
  }

  @Test
  void theConfigurationNamesItsKeyWhenItIsRefused() {
    for (Path wrong : new Path[] {null, Path.of("")}) {
      assertThatThrownBy(() -> new FileReplicaConfig(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("path ");
    }
  }

  @Test
  void openingAndReadingMakeNoFolder() throws Exception {
    assertThat(replica.name()).isEqualTo("file:" + root);
    assertThat(keys(replica)).isEmpty();
    replica.delete(List.of(new ObjectKey("g/a")));
    assertThat(failure(() -> replica.open(new ObjectKey("g/a"), 0, 1)).reason())
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(files(folder)).isEmpty();
  }

  @Test
  void aRootWhoseParentIsMissingIsNotMadeAndBothAreNamed() throws Exception {
    Path deep = folder.resolve("missing/replica");
    Replica unmounted = new FileReplicaProvider().open(new FileReplicaConfig(deep));
    ReplicaException failure = failure(() -> put(unmounted, "g/a", 1));
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining(deep.toString())
        .hasMessageContaining("create " + deep.getParent());
    assertThat(files(folder)).isEmpty();
    Files.createDirectory(deep.getParent());
    put(unmounted, "g/a", 1);
    assertThat(keys(unmounted)).containsExactly("g/a");
  }

  @Test
  void aFolderThatAnotherProcessRemovedBecauseItWasEmptyIsMadeAnew() throws Exception {
    put(replica, "g/keep", 1);
    put(replica, "g/a/b/c", 1);
    Replica other = new FileReplicaProvider().open(new FileReplicaConfig(root));
    other.delete(List.of(new ObjectKey("g/a/b/c")));
    put(replica, "g/a/d/e", 1);
    assertThat(keys(replica)).containsExactly("g/a/d/e", "g/keep");
  }

  /** Each removes the folders that the other is just about to use. */
  @Test
  void severalProcessesThatPutAndDeleteInTheSameFoldersDoNotFail() throws Exception {
    put(replica, "g/keep", 1);
    Replica other = new FileReplicaProvider().open(new FileReplicaConfig(root));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<?>> both = new ArrayList<>();
    for (Replica each : List.of(replica, other)) {
      ObjectKey key = new ObjectKey("g/a/b/c/" + both.size());
      both.add(
          threads.submit(
              () -> {
                for (int i = 0; i < TestRun.rounds(200, 5000); i++) {
                  put(each, key.value(), 1);
                  each.delete(List.of(key));
                }
                return null;
              }));
    }
    for (Future<?> one : both) {
      one.get();
    }
    threads.shutdown();
    assertThat(keys(replica)).containsExactly("g/keep");
  }

  @Test
  void aVanishedRootIsAConflictOnceAndThenMadeAnew() throws Exception {
    put(replica, "g/a", 1);
    remove(root);
    ReplicaException failure = failure(() -> put(replica, "g/b", 1));
    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure).hasMessageContaining(root + " has vanished");
    assertThat(files(folder)).isEmpty();
    put(replica, "g/b", 1);
    assertThat(keys(replica)).containsExactly("g/b");
  }

  @Test
  void aVanishedGenerationIsAConflictOnceAndThenMadeAnew() throws Exception {
    put(replica, "g/segments/0/a", 1);
    put(replica, "h/segments/0/a", 1);
    remove(root.resolve("g"));
    put(replica, "h/segments/0/b", 1);
    ReplicaException failure = failure(() -> put(replica, "g/segments/0/b", 1));
    assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(failure).hasMessageContaining(root.resolve("g") + " has vanished");
    put(replica, "g/segments/0/b", 1);
    assertThat(keys(replica)).containsExactly("g/segments/0/b", "h/segments/0/a", "h/segments/0/b");
  }

  @Test
  void foldersWithoutObjectsAreRemovedAndTheirKeysMayComeBack() throws Exception {
    put(replica, "g/segments/0/a", 1);
    put(replica, "g/snapshots/a", 1);
    replica.delete(List.of(new ObjectKey("g/segments/0/a")));
    assertThat(files(root.resolve("g"))).containsExactly("snapshots");
    replica.delete(List.of(new ObjectKey("g/snapshots/a")));
    assertThat(files(root)).isEmpty();
    put(replica, "g/segments/0/a", 1);
    assertThat(keys(replica)).containsExactly("g/segments/0/a");
  }

  @Test
  void foreignFilesAreNeitherListedNorRemoved() throws Exception {
    put(replica, "g/a", 1);
    Files.writeString(root.resolve("no key"), "x");
    Files.writeString(root.resolve("g/ä"), "x");
    Files.createDirectory(root.resolve("lost+found"));
    Files.writeString(root.resolve("lost+found/a"), "x");
    Files.createDirectory(root.resolve("empty"));
    Files.createSymbolicLink(root.resolve("g/dangling"), Path.of("nowhere"));
    Files.createSymbolicLink(root.resolve("g/loop"), root);
    assertThat(keys(replica)).containsExactly("g/a");
    replica.delete(List.of(new ObjectKey("g/a"), new ObjectKey("empty")));
    assertThat(files(root)).containsExactly("empty", "g", "lost+found", "no key");
  }

  @Test
  void linksThatComeBackToThemselvesDoNotEndAListing() throws Exception {
    put(replica, "a/1", 1);
    put(replica, "b/1", 1);
    Files.createSymbolicLink(root.resolve("a/self"), Path.of("self"));
    Files.createSymbolicLink(root.resolve("a/to"), Path.of("fro"));
    Files.createSymbolicLink(root.resolve("a/fro"), Path.of("to"));
    Files.createSymbolicLink(root.resolve("a/below"), Path.of("below/it"));
    assertThat(keys(replica)).containsExactly("a/1", "b/1");
    Files.createSymbolicLink(root.resolve("a/x"), root.resolve("b"));
    Files.createSymbolicLink(root.resolve("b/y"), root.resolve("a"));
    assertThat(keys(replica)).containsExactly("a/1", "a/x/1", "b/1", "b/y/1");
  }

  @Test
  void aLinkToWhatTheKernelShowsAsFilesIsNotFollowed() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "Linux has it");
    put(replica, "g/a", 1);
    Files.createSymbolicLink(root.resolve("g/kernel"), Path.of("/proc"));
    Files.createSymbolicLink(root.resolve("g/process"), Path.of("/proc/self"));
    assertThat(keys(replica)).containsExactly("g/a");
  }

  @Test
  void aLinkToAFolderElsewhereIsFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    put(replica, "g/a", 1);
    Files.createSymbolicLink(root.resolve("g/b"), elsewhere);
    put(replica, "g/b/1", 2);
    assertThat(keys(replica)).containsExactly("g/a", "g/b/1");
    assertThat(Files.size(elsewhere.resolve("1"))).isEqualTo(2);
  }

  @Test
  void aRootThatIsALinkIsFollowed() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Files.createSymbolicLink(root, real);
    put(replica, "g/a", 3);
    assertThat(keys(replica)).containsExactly("g/a");
    assertThat(Files.size(real.resolve("g/a"))).isEqualTo(3);
    replica.delete(List.of(new ObjectKey("g/a")));
    assertThat(files(real)).isEmpty();
    assertThat(Files.isSymbolicLink(root)).isTrue();
  }

  @Test
  void aFileInPlaceOfTheRootIsRefusedByEveryOperation() throws Exception {
    Files.writeString(root, "precious");
    ObjectKey key = new ObjectKey("g/a");
    for (TestObjects.Attempt attempt :
        List.<TestObjects.Attempt>of(
            () -> put(replica, "g/a", 1),
            () -> replica.open(key, 0, 1),
            () -> keys(replica),
            () -> replica.delete(List.of(key)))) {
      ReplicaException failure = failure(attempt);
      assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
      assertThat(failure).hasMessageContaining(root + " is not a folder");
    }
    assertThat(root).hasContent("precious");
  }

  @Test
  void aFileInPlaceOfAFolderAndAFolderInPlaceOfAFileAreRefused() throws Exception {
    put(replica, "g/a", 1);
    put(replica, "g/b/c", 1);
    assertThat(failure(() -> put(replica, "g/a/x", 1)).reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure(() -> put(replica, "g/b", 1)).reason()).isEqualTo(Reason.REJECTED);
    assertThat(keys(replica)).containsExactly("g/a", "g/b/c");
    assertThat(files(root)).containsExactly("g");
  }

  private static void remove(Path tree) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(tree)) {
      files = walk.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
