package dev.stream.replica.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems without hard links. */
final class FileCreationTest {

  private static final ObjectKey KEY = new ObjectKey("g/a");

  @TempDir Path root;

  private Path staged(String content) throws Exception {
    return Files.writeString(root.resolve(".stream~" + content), content);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutLinksWhatIsThereStaysButNothingIsPromised(boolean unsupported) throws Exception {
    FileCreation creation =
        new FileCreation(
            root,
            new FolderTree(root, new ObjectRights()),
            (target, staged) -> {
              if (unsupported) {
                throw new UnsupportedOperationException();
              }
              // As Linux says it on FAT.
              throw new FileSystemException(target.toString(), null, "Operation not permitted");
            });
    Files.createDirectory(root.resolve("g"));
    creation.publish(staged("one"), KEY);
    assertThat(creation.isExclusive()).isFalse();
    assertThat(Files.readString(root.resolve("g/a"))).isEqualTo("one");
    ReplicaException conflict =
        catchThrowableOfType(ReplicaException.class, () -> creation.publish(staged("two"), KEY));
    assertThat(conflict.reason()).isEqualTo(Reason.CONFLICT);
    assertThat(Files.readString(root.resolve("g/a"))).isEqualTo("one");
  }

  @Test
  void aFailureThatARenameHasAsWellSaysNothingOfLinks() throws Exception {
    FileCreation creation = new FileCreation(root, new FolderTree(root, new ObjectRights()));
    Files.createDirectories(root.resolve("g/a/x"));
    assertThat(catchThrowableOfType(Exception.class, () -> creation.publish(staged("one"), KEY)))
        .isNotNull();
    assertThat(creation.isExclusive()).isTrue();
    Files.delete(root.resolve("g/a/x"));
    Files.delete(root.resolve("g/a"));
    creation.publish(root.resolve(".stream~one"), KEY);
    assertThat(creation.isExclusive()).isTrue();
    assertThat(Files.readString(root.resolve("g/a"))).isEqualTo("one");
  }
}
