package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill between any two steps would leave. */
final class ReplacedFilesTest {

  @TempDir Path folder;
  private Path target;
  private Path journal;
  private Path keptTarget;
  private Path keptJournal;

  @BeforeEach
  void write() throws IOException {
    target = Files.writeString(folder.resolve("app.db"), "old");
    journal = folder.resolve("app.db-wal");
    keptTarget = folder.resolve("app.db.bad");
    keptJournal = folder.resolve("app.db-wal.bad");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aKeptFileHasBothNamesUntilItsSuccessorTakesItsOwn() throws Exception {
    ReplacedFiles former = new ReplacedFiles(target, List.of(), "bad");
    former.makeWay();
    assertThat(Files.readString(target)).isEqualTo("old");
    assertThat(Files.readString(keptTarget)).isEqualTo("old");
    Path proven = Files.writeString(folder.resolve("proven"), "new");
    Files.move(proven, target, StandardCopyOption.ATOMIC_MOVE);
    List<String> warnings = new ArrayList<>();
    former.settle(warnings);
    assertThat(Files.readString(target)).isEqualTo("new");
    assertThat(Files.readString(keptTarget)).isEqualTo("old");
    assertThat(warnings).singleElement().asString().contains(target + " is kept as " + keptTarget);
  }

  @Test
  void aFileIsNeverUnderItsNameWithoutItsJournal() throws Exception {
    Files.writeString(journal, "journal");
    ReplacedFiles former = new ReplacedFiles(target, List.of(journal), "bad");
    former.makeWay();
    assertThat(names()).containsExactly("app.db-wal.bad", "app.db.bad");
    List<String> warnings = new ArrayList<>();
    former.settle(warnings);
    assertThat(warnings).hasSize(2);
    assertThat(Files.readString(keptTarget)).isEqualTo("old");
    assertThat(Files.readString(keptJournal)).isEqualTo("journal");
  }

  @Test
  void everythingIsAsItWasAfterAFailure() throws Exception {
    for (boolean companion : new boolean[] {false, true}) {
      List<Path> companions = new ArrayList<>();
      if (companion) {
        companions.add(Files.writeString(journal, "journal"));
      }
      for (String suffix : new String[] {"bad", null}) {
        List<String> before = names();
        ReplacedFiles former = new ReplacedFiles(target, companions, suffix);
        former.makeWay();
        IOException failure = new IOException("told to fail");
        former.putBack(failure);
        assertThat(failure.getSuppressed()).isEmpty();
        assertThat(names()).isEqualTo(before);
        assertThat(Files.readString(target)).isEqualTo("old");
      }
    }
    assertThat(Files.readString(journal)).isEqualTo("journal");
  }

  @Test
  void whatIsHalfMovedWhenAStepFailsIsPutBack() throws Exception {
    Files.writeString(journal, "journal");
    Path gone = folder.resolve("app.db-shm"); // it vanishes before it can be moved
    ReplacedFiles former = new ReplacedFiles(target, List.of(journal, gone), "bad");
    assertThatThrownBy(former::makeWay).isInstanceOf(IOException.class);
    former.putBack(new IOException());
    assertThat(names()).containsExactly("app.db", "app.db-wal");
  }

  @Test
  void nothingIsOverwrittenByWhatIsKept() throws Exception {
    Files.writeString(keptTarget, "older");
    Files.writeString(folder.resolve("app.db-wal.bad-2"), "older");
    Files.writeString(journal, "journal");
    new ReplacedFiles(target, List.of(journal), "bad").makeWay();
    assertThat(names())
        .containsExactly("app.db-wal.bad-2", "app.db-wal.bad-3", "app.db.bad", "app.db.bad-3");
    assertThat(Files.readString(keptTarget)).isEqualTo("older");
  }

  @Test
  void companionsThatAreNotKeptGoOnlyAfterTheSuccessorIsThere() throws Exception {
    Files.writeString(journal, "journal");
    ReplacedFiles former = new ReplacedFiles(target, List.of(journal), null);
    former.makeWay();
    assertThat(names()).hasSize(2).contains("app.db").anyMatch(n -> n.startsWith(".app.db-wal."));
    List<String> warnings = new ArrayList<>();
    former.settle(warnings);
    assertThat(names()).containsExactly("app.db");
    assertThat(warnings).isEmpty();
  }
}
