package dev.stream.core.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.core.fixture.ToyDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders that lie in each other. */
final class ConfiguredFoldersTest {

  @TempDir Path folder;

  private ConfiguredFolders places(Path... replicas) {
    List<ConfiguredFolders.Folder> folders =
        java.util.stream.IntStream.range(0, replicas.length)
            .mapToObj(i -> new ConfiguredFolders.Folder("r" + i, replicas[i]))
            .toList();
    return new ConfiguredFolders(
        folder.resolve("shadow"), folder.resolve("app.db"), folders, List.of());
  }

  @Test
  void apartIsFine() {
    ConfiguredFolders places = places(folder.resolve("one"), folder.resolve("two"));
    assertThatCode(places::requireApart).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shadow", "shadow/replica", ".", ".."})
  void aReplicaInOrAroundTheShadowDirectoryIsRefused(String path) {
    ConfiguredFolders places = places(folder.resolve(path).normalize());
    assertThatThrownBy(places::requireApart)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("replica r0 and the shadow directory");
  }

  @Test
  void twoReplicasInOnePlaceAreRefused() {
    ConfiguredFolders places = places(folder.resolve("one"), folder.resolve("one/two"));
    assertThatThrownBy(places::requireApart).hasMessageContaining("replica r0 and replica r1");
  }

  @Test
  void theFolderOfTheDatabaseIsNoReplica() {
    ConfiguredFolders places =
        new ConfiguredFolders(
            Path.of("/s"),
            folder.resolve("app.db"),
            List.of(new ConfiguredFolders.Folder("r0", folder)),
            List.of());
    assertThatThrownBy(places::requireApart).hasMessageContaining("the folder of the database");
  }

  @ParameterizedTest
  @ValueSource(strings = {"shadow", "shadow/temp", "one", "one/app.db"})
  void whatRestoresWriteIsInNeitherAReplicaNorTheShadowDirectory(String path) {
    ConfiguredFolders places =
        new ConfiguredFolders(
            folder.resolve("shadow"),
            folder.resolve("app.db"),
            List.of(new ConfiguredFolders.Folder("r0", folder.resolve("one"))),
            List.of(new ConfiguredFolders.Folder("restore.tempDir", folder.resolve(path))));
    assertThatThrownBy(places::requireApart)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("restore.tempDir is " + folder.resolve(path))
        .hasMessageContaining(path.startsWith("one") ? "replica r0" : "the shadow directory");
  }

  @Test
  void linksAreResolved() throws IOException {
    Path shadow = Files.createDirectory(folder.resolve("shadow"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), shadow);
    var config = ToyDatabase.config(folder, link.resolve("replica"));
    assertThatThrownBy(() -> ConfiguredFolders.of(config).requireApart())
        .hasMessageContaining("one lies in the other");
  }
}
