package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.core.event.RestoreListener;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.fixture.Listings;
import dev.stream.core.fixture.PageHistory;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.plugin.DatabaseLookup;
import dev.stream.core.restore.RestoreException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestorerTargetTest extends RestoreFixture {

  private static final byte[] OLD = {1, 2, 3};

  private RestoreException refused(RestorerBuilder builder) {
    RestoreException refused =
        catchThrowableOfType(RestoreException.class, () -> builder.build().restore());
    assertThat(refused).isNotNull();
    return refused;
  }

  @Test
  void tellsWhatWasRestored() throws IOException {
    RestoreState state = builder().build().restore();
    assertRestored();
    assertThat(state.replica()).isEqualTo("one");
    assertThat(state.generation()).isEqualTo(Listings.NEW);
    assertThat(state.txId()).isEqualTo(12);
    assertThat(state.snapshotTxId()).isEqualTo(8);
    assertThat(state.segments()).isEqualTo(4);
    assertThat(state.committedAt()).isEqualTo(PageHistory.COMMITTED_AT);
    assertThat(state.fileSize()).isEqualTo(newest().length);
    assertThat(state.check()).isEqualTo("test, quick");
    assertThat(state.warnings()).isEmpty();
    assertThat(database.checks).containsExactly(false);
  }

  @Test
  void anExistingFileIsRefusedBeforeAnythingIsFetched() throws IOException {
    Files.write(target, OLD);
    assertThat(refused(builder()).reason()).isEqualTo(Reason.TARGET_EXISTS);
    assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
    assertThat(replica.opens.get()).isZero();
  }

  @Test
  void anExistingFileAndItsCompanionsAreReplacedByForce() throws IOException {
    Files.write(target, OLD);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw----"));
    Files.write(folder.resolve("app.db-wal"), OLD);
    Files.write(folder.resolve("app.db-shm"), OLD);
    builder().force(true).build().restore();
    assertRestored();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-rw----");
  }

  @Test
  void anExistingFileSurvivesEveryFailureWithItsCompanions() throws IOException {
    Files.write(target, OLD);
    Path wal = Files.write(folder.resolve("app.db-wal"), OLD);
    database.fault = "row 7 is missing";
    assertThat(refused(builder().force(true).check(DatabaseCheck.THOROUGH)))
        .hasMessageContaining("row 7 is missing")
        .hasMessageContaining("equals, byte for byte, what was captured");
    database.fault = null;
    String last = replica.keys("segments").get(10);
    byte[] segment = replica.objects.get(last);
    replica.objects.put(last, Arrays.copyOf(segment, segment.length - 1));
    refused(builder().force(true));
    replica.objects.put(last, segment);
    refused(builder().force(true).space(ignored -> 10));
    replica.readsUntilDown = 2;
    refused(builder().force(true));
    assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
    assertThat(Files.readAllBytes(wal)).isEqualTo(OLD);
    assertThat(files()).containsExactly("app.db", "app.db-wal");
  }

  @Test
  void leftoversBesideAnAbsentTargetAreRefused() throws IOException {
    Path wal = Files.write(folder.resolve("app.db-wal"), OLD);
    RestoreException refused = refused(builder());
    assertThat(refused.reason()).isEqualTo(Reason.LEFTOVERS);
    assertThat(refused).hasMessageContaining(wal.toString());
    assertThat(files()).containsExactly("app.db-wal");
    assertThat(replica.opens.get()).isPositive();
    replica.opens.set(0);
    assertThat(refused(builder().database(database)).reason()).isEqualTo(Reason.LEFTOVERS);
    assertThat(replica.opens.get()).isZero();
    builder().force(true).build().restore();
    assertRestored();
  }

  @Test
  void aFileThatAppearsMeanwhileIsNotReplacedUnasked() throws IOException {
    database.duringCheck = () -> write(target);
    assertThat(refused(builder()).reason()).isEqualTo(Reason.TARGET_EXISTS);
    assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
    Files.delete(target);
    database.duringCheck = () -> write(folder.resolve("app.db-wal"));
    assertThat(refused(builder()).reason()).isEqualTo(Reason.LEFTOVERS);
    assertThat(files()).containsExactly("app.db-wal");
  }

  @Test
  void companionsAreBackInPlaceIfTheFileCannotBeMovedThere() throws IOException {
    Path wal = Files.write(folder.resolve("app.db-wal"), OLD);
    database.duringCheck = () -> makeFolder(target);
    assertThat(refused(builder().force(true)).reason()).isEqualTo(Reason.TARGET_FAILED);
    assertThat(Files.readAllBytes(wal)).isEqualTo(OLD);
    assertThat(files()).containsExactly("app.db", "app.db-wal");
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder.resolve("occupied"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file) {
    try {
      Files.write(file, OLD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aMissingFolderIsRefusedWithTheRemedy() {
    target = folder.resolve("no/such/app.db");
    RestoreException refused = refused(builder());
    assertThat(refused.reason()).isEqualTo(Reason.TARGET_FOLDER_MISSING);
    assertThat(refused).hasMessageContaining("mkdir -p " + folder.resolve("no/such"));
  }

  @Test
  void aFolderIsNoTarget() {
    target = folder;
    assertThat(refused(builder().force(true)).reason()).isEqualTo(Reason.TARGET_UNSUITABLE);
  }

  @Test
  void aLinkIsFollowedToTheFileAndOneThatLeadsNowhereRefused() throws IOException {
    Path real = Files.write(folder.resolve("real.db"), OLD);
    Files.createSymbolicLink(target, real);
    builder().force(true).build().restore();
    assertThat(target).isSymbolicLink();
    assertThat(Files.readAllBytes(real)).isEqualTo(newest());
    Files.delete(real);
    assertThat(refused(builder().force(true)).reason()).isEqualTo(Reason.TARGET_UNSUITABLE);
  }

  @Test
  void aFileSystemThatTellsNoFreeSpaceIsTried() throws IOException {
    builder().space(ignored -> 0).build().restore();
    assertThat(Files.readAllBytes(target)).isEqualTo(newest());
  }

  @Test
  void tooLittleSpaceIsSaidBeforeAnythingIsWritten() throws IOException {
    RestoreException refused = refused(builder().space(ignored -> newest().length - 1));
    assertThat(refused.reason()).isEqualTo(Reason.NO_SPACE);
    assertThat(refused).hasMessageContaining("make room");
    assertThat(files()).isEmpty();
  }

  @Test
  void whatAKilledRestoreLeftIsRemovedAndALivingOneIsNot() throws IOException {
    long dead = 99_999_999_999L;
    Files.write(folder.resolve(".app.db.restore-" + dead + "-0000beef"), OLD);
    String alive = ".app.db.restore-" + ProcessHandle.current().pid() + "-0000beef";
    Files.write(folder.resolve(alive), OLD);
    builder().build().restore();
    assertThat(files()).containsExactly(alive, "app.db");
  }

  @Test
  void theCheckIsDoneAsAsked() throws IOException {
    builder().check(DatabaseCheck.THOROUGH).build().restore();
    assertThat(database.checks).containsExactly(true);
    database.fault = "unsound";
    RestoreState state = builder().force(true).check(DatabaseCheck.NONE).build().restore();
    assertThat(state.check()).isNull();
    assertRestored();
  }

  @Test
  void theThoroughCheckReadsTheFileBack() throws IOException {
    RestoreListener damaging =
        new RestoreListener() {
          @Override
          public void onProgress(RestorePhase phase, long done, long total) {
            if (phase == RestorePhase.PROVE && done == 0) {
              flipAByte();
            }
          }
        };
    assertThat(refused(builder().listener(damaging).check(DatabaseCheck.THOROUGH)))
        .hasMessageContaining("do not make up the database");
    assertThat(files()).isEmpty();
  }

  private void flipAByte() {
    try {
      for (String name : files()) {
        Path file = folder.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes, StandardOpenOption.WRITE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatTheQuickCheckComplainsOfWasSoWhenItWasCaptured() throws IOException {
    database.fault = "no such collation sequence: GERMAN";
    RestoreState state = builder().build().restore();
    assertThat(state.check()).isNull();
    assertThat(state.warnings())
        .singleElement()
        .asString()
        .contains("byte for byte", "no such collation sequence: GERMAN")
        .contains("when it was captured");
    assertRestored();
  }

  @Test
  void whatCannotBeCheckedHereIsNeverCalledUnsound() throws IOException {
    for (DatabaseCheck check : List.of(DatabaseCheck.QUICK, DatabaseCheck.THOROUGH)) {
      database.impossible = "there is no library";
      RestoreState state = builder().force(true).check(check).build().restore();
      assertThat(state.check()).isNull();
      assertThat(state.warnings())
          .singleElement()
          .asString()
          .contains("there is no library", "says nothing about it")
          .doesNotContain("sound", "complains");
      assertRestored();
    }
  }

  @Test
  void aDatabaseThatNothingHereKnowsIsRestoredWithAWarning() throws IOException {
    RestoreState state = builder().databases(DatabaseLookup.NONE).build().restore();
    assertThat(state.warnings()).singleElement().asString().contains("type test");
    assertRestored();
  }

  @Test
  void theListenerSeesEveryPhaseToItsEnd() throws IOException {
    Set<RestorePhase> begun = EnumSet.noneOf(RestorePhase.class);
    Set<RestorePhase> ended = EnumSet.noneOf(RestorePhase.class);
    builder()
        .listener(
            new RestoreListener() {
              @Override
              public void onProgress(RestorePhase phase, long done, long total) {
                begun.add(phase);
                if (total > 0 && done == total) {
                  ended.add(phase);
                }
              }
            })
        .build()
        .restore();
    assertThat(begun).containsExactly(RestorePhase.values());
    assertThat(ended).containsExactly(RestorePhase.FETCH, RestorePhase.PROVE);
  }
}
