package dev.stream.replica.file;

import static dev.stream.replica.file.TestObjects.failure;
import static dev.stream.replica.file.TestObjects.files;
import static dev.stream.replica.file.TestObjects.keys;
import static dev.stream.replica.file.TestObjects.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or refuse; on a small disk of its own where one can be mounted. */
final class FileReplicaDiskTest {

  @TempDir Path folder;

  @Test
  void aFullDiskSaysSoAndWorksAgainWhenThereIsSpace() throws Exception {
    if (!run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString())) {
      System.out.println("full disk: by the seam, since no tmpfs can be mounted");
      ReplicaException failure =
          FileFailures.typed(folder, "store g/a", new IOException("No space left on device"));
      assertFull(failure, folder);
      assertFull(
          FileFailures.typed(
              folder, "store g/a", new FileSystemException("x", null, "Disk quota exceeded")),
          folder);
      return;
    }
    System.out.println("full disk: on a tmpfs");
    try {
      Path root = folder.resolve("replica");
      Replica replica = new FileReplicaProvider().open(new FileReplicaConfig(root));
      put(replica, "g/first", 600_000);
      assertFull(failure(() -> put(replica, "g/a", 600_000)), root);
      assertThat(keys(replica)).containsExactly("g/first");
      assertThat(files(root)).as("leftovers").containsExactly("g");
      replica.delete(List.of(new ObjectKey("g/first")));
      put(replica, "g/a", 600_000);
      assertThat(keys(replica)).containsExactly("g/a");
    } finally {
      run("umount", folder.toString());
    }
  }

  private static void assertFull(ReplicaException failure, Path root) {
    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure)
        .hasMessageContaining("g/a")
        .hasMessageContaining("no space left on " + root + "; nothing is lost, Stream retries");
  }

  /** Such as one that somebody mounted something on, or that is in a folder of somebody else. */
  @Test
  void aFolderThatCannotBeRemovedStaysAndIsNoFailure() throws Exception {
    Path root = Files.createDirectories(folder.resolve("replica"));
    Replica replica = new FileReplicaProvider().open(new FileReplicaConfig(root));
    Path inner = Files.createDirectories(root.resolve("g/inner"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", inner.toString());
    try {
      Files.writeString(inner.resolve("a"), "content");
      if (!mounted) {
        Files.setPosixFilePermissions(
            root.resolve("g"), PosixFilePermissions.fromString("r-xr-xr-x"));
      }
      replica.delete(List.of(new ObjectKey("g/inner/a")));
      assertThat(keys(replica)).isEmpty();
      assertThat(inner).isEmptyDirectory();
    } finally {
      Files.setPosixFilePermissions(
          root.resolve("g"), PosixFilePermissions.fromString("rwxr-xr-x"));
      if (mounted) {
        run("umount", inner.toString());
      }
    }
  }

  @Test
  void aReadOnlyDiskIsDeniedButRead() throws Exception {
    if (!run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString())) {
      System.out.println("read-only disk: by the seam, since no tmpfs can be mounted");
      assertDenied(new FileSystemException("x", null, "Read-only file system"));
      return;
    }
    System.out.println("read-only disk: on a tmpfs");
    try {
      Path root = folder.resolve("replica");
      Replica replica = new FileReplicaProvider().open(new FileReplicaConfig(root));
      put(replica, "g/first", 10);
      assertThat(run("mount", "-o", "remount,ro", folder.toString())).isTrue();
      ReplicaException failure = failure(() -> put(replica, "g/a", 10));
      assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED);
      assertThat(failure).hasMessageContaining("g/a").hasMessageContaining(root.toString());
      assertThat(failure(() -> replica.delete(List.of(new ObjectKey("g/first")))).reason())
          .isEqualTo(Reason.ACCESS_DENIED);
      assertThat(keys(replica)).containsExactly("g/first");
      try (InputStream in = replica.open(new ObjectKey("g/first"), 0, 20)) {
        assertThat(in.readAllBytes()).hasSize(10);
      }
    } finally {
      run("umount", folder.toString());
    }
  }

  @Test
  void missingRightsAreDenied() {
    // Root may do everything, so that the disk itself cannot show this to every user.
    assertDenied(new AccessDeniedException(folder.toString()));
    assertDenied(new FileSystemException(folder.toString(), null, "Operation not permitted"));
  }

  private void assertDenied(IOException cause) {
    ReplicaException failure = FileFailures.typed(folder, "store g/a", cause);
    assertThat(failure.reason()).isEqualTo(Reason.ACCESS_DENIED);
    assertThat(failure)
        .hasMessageContaining("cannot store g/a in " + folder)
        .hasMessageContaining("let the user of this process write there");
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
