package dev.stream.core.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stream.core.event.RestoreListener;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.file.FileRenaming;
import dev.stream.core.fixture.RestoreFixture;
import dev.stream.core.fixture.TestReplica;
import dev.stream.core.restore.RestoreException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is made in another folder than its target's, perhaps on another file system. */
class RestorerTempDirTest extends RestoreFixture {

  private static final byte[] OLD = {1, 2, 3};
  private static final String FORM = "\\.app\\.db\\.restore-[0-9]+-[0-9a-f]{8}";
  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir Path temp;
  private boolean apart;

  @BeforeEach
  void together() {
    apart = false;
  }

  /** Puts the folder on another file system, a real one if the machine has it where it can be. */
  private void otherFileSystem(boolean real) throws IOException {
    boolean there = real && Files.isDirectory(MEMORY) && Files.isWritable(MEMORY);
    if (there && !Files.getFileStore(MEMORY).equals(Files.getFileStore(folder))) {
      temp = Files.createTempDirectory(MEMORY, "stream-restore-test-");
    } else {
      apart = true;
    }
  }

  @AfterEach
  void clean() throws IOException {
    if (temp.startsWith(MEMORY)) {
      Files.walkFileTree(
          temp,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failed)
                throws IOException {
              Files.delete(each);
              return FileVisitResult.CONTINUE;
            }
          });
    }
  }

  @Override
  public RestorerBuilder builder(TestReplica from) {
    return super.builder(from).tempDir(temp).renaming(this::rename);
  }

  private void rename(Path from, Path to) throws IOException {
    if (apart) {
      throw new AtomicMoveNotSupportedException(from.toString(), to.toString(), "told so");
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<Path> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertPrivate(List<Path> files) {
    assertThat(files).allMatch(file -> file.getFileName().toString().matches(FORM));
    for (Path file : files) {
      try {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void theFileIsMadeThereAndComesOverWithoutACopy() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxr-x"));
    List<Long> moving = new ArrayList<>();
    database.duringCheck =
        () -> {
          assertThat(in(folder)).isEmpty();
          assertThat(in(temp)).hasSize(1);
          assertPrivate(in(temp));
        };
    RestoreListener listener =
        new RestoreListener() {
          @Override
          public void onProgress(RestorePhase phase, long done, long total) {
            if (phase == RestorePhase.MOVE) {
              moving.add(total);
            }
          }
        };
    RestoreState state = builder().listener(listener).build().restore();
    assertThat(state.check()).isEqualTo("test, quick");
    assertThat(moving).containsExactly(0L);
    assertRestored();
    assertThat(in(temp)).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-rw----");
  }

  /** Looks at every moment of a restore what a crash then would leave. */
  private final class Moments implements RestoreListener {

    private final Set<RestorePhase> ended = EnumSet.noneOf(RestorePhase.class);
    private final List<AssertionError> wrong = new ArrayList<>();
    private int copies;

    @Override
    public synchronized void onProgress(RestorePhase phase, long done, long total) {
      try {
        List<Path> beside = new ArrayList<>(in(folder));
        assertThat(beside.remove(target)).isTrue();
        assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
        assertThat(beside.remove(folder.resolve("app.db-wal"))).isTrue();
        assertPrivate(beside);
        assertPrivate(in(temp));
        copies = Math.max(copies, beside.size());
        if (total > 0 && done == total) {
          ended.add(phase);
        }
      } catch (AssertionError e) {
        wrong.add(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fromAnotherFileSystemItComesAsACopyAndTheTargetIsAsItWasUntilThen(boolean real)
      throws IOException {
    otherFileSystem(real);
    Files.write(target, OLD);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-rw----"));
    Files.write(folder.resolve("app.db-wal"), OLD);
    Moments moments = new Moments();
    builder().force(true).listener(moments).build().restore();
    assertThat(moments.wrong).isEmpty();
    assertThat(moments.copies).isEqualTo(1);
    assertThat(moments.ended)
        .containsExactly(RestorePhase.FETCH, RestorePhase.PROVE, RestorePhase.MOVE);
    assertRestored();
    assertThat(in(temp)).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-rw----");
  }

  @Test
  void aCopyThatDiffersFromWhatWasProvenIsRefused() throws IOException {
    otherFileSystem(false);
    Files.write(target, OLD);
    byte[] last = newest().clone();
    // A page of zeros is not written, so that there may be no byte to damage.
    Arrays.fill(last, 0, history.pageSize, (byte) 7);
    history.states.put(13L, last);
    history.segment(replica, 0, 13, 13);
    RestoreListener damaging =
        new RestoreListener() {
          private boolean damaged; // the same progress may be told twice

          @Override
          public void onProgress(RestorePhase phase, long done, long total) {
            if (phase == RestorePhase.MOVE && done > 0 && done >= total / 2 && !damaged) {
              damaged = true;
              in(folder).stream().filter(file -> !file.equals(target)).forEach(Damage::flip);
            }
          }
        };
    RestoreException refused =
        catchThrowableOfType(
            RestoreException.class,
            () -> builder().force(true).listener(damaging).build().restore());
    assertThat(refused.reason()).isEqualTo(Reason.TARGET_FAILED);
    assertThat(refused)
        .hasMessageContaining("is not what was written")
        .hasMessageContaining("at byte 100;")
        .hasMessageContaining(folder.toString())
        .hasMessageContaining(temp.toString());
    assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
    assertThat(files()).containsExactly("app.db");
    assertThat(in(temp)).isEmpty();
  }

  /** What a bad disk does. */
  private static final class Damage {

    static void flip(Path file) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        java.nio.ByteBuffer one = java.nio.ByteBuffer.allocate(1);
        assertThat(channel.read(one, 100)).isEqualTo(1);
        one.flip();
        one.put(0, (byte) (one.get(0) ^ 1));
        assertThat(channel.write(one, 100)).isEqualTo(1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void anInterruptWhileItIsCopiedChangesNothing() throws IOException {
    otherFileSystem(false);
    for (int moment = 0; moment < 2; moment++) {
      Files.write(target, OLD);
      int at = moment;
      RestoreListener interrupting =
          new RestoreListener() {
            @Override
            public void onProgress(RestorePhase phase, long done, long total) {
              if (phase == RestorePhase.MOVE && total > 0 && done == at * total / 2) {
                Thread.currentThread().interrupt();
              }
            }
          };
      RestoreException refused =
          catchThrowableOfType(
              RestoreException.class,
              () -> builder().force(true).listener(interrupting).build().restore());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(refused.reason()).isEqualTo(Reason.INTERRUPTED);
      assertThat(Files.readAllBytes(target)).isEqualTo(OLD);
      assertThat(files()).containsExactly("app.db");
      assertThat(in(temp)).isEmpty();
    }
  }

  @Test
  void whatKilledRestoresLeftInEitherFolderIsRemoved() throws IOException {
    String dead = ".app.db.restore-99999999999-0000beef";
    Path other = Files.write(temp.resolve(".other.db.restore-99999999999-0000beef"), OLD);
    Files.write(temp.resolve(dead), OLD);
    Files.write(folder.resolve(dead), OLD);
    Path alive = temp.resolve(".app.db.restore-" + ProcessHandle.current().pid() + "-0000beef");
    Files.write(alive, OLD);
    builder().build().restore();
    assertRestored();
    assertThat(in(temp)).containsExactly(alive, other);
  }

  @Test
  void bothFoldersNeedRoom() throws IOException {
    for (Path full : List.of(temp, folder)) {
      RestoreException refused =
          catchThrowableOfType(
              RestoreException.class,
              () ->
                  builder()
                      .space(each -> each.equals(full) ? newest().length - 1 : 1L << 40)
                      .build()
                      .restore());
      assertThat(refused.reason()).isEqualTo(Reason.NO_SPACE);
      assertThat(refused).hasMessageContaining(full.equals(temp) ? "in " + temp : "" + target);
      assertThat(in(temp)).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aFolderThatIsMissingIsRefusedWithTheRemedyBeforeAnythingIsFetched() throws IOException {
    Path parent = temp;
    for (Path wrong : List.of(parent.resolve("none"), Files.write(parent.resolve("file"), OLD))) {
      temp = wrong;
      RestoreException refused =
          catchThrowableOfType(RestoreException.class, () -> builder().build().restore());
      assertThat(refused.reason()).isEqualTo(Reason.TARGET_FOLDER_MISSING);
      assertThat(refused).hasMessageContaining("mkdir -p " + wrong);
      assertThat(replica.opens.get()).isZero();
      assertThat(catchThrowableOfType(RestoreException.class, () -> builder().build().rehearse()))
          .hasMessage(refused.getMessage());
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void theTargetsOwnFolderIsAsIfNotSaid() throws IOException {
    temp = folder;
    FileRenaming never =
        (from, to) -> {
          throw new AssertionError(from + " is renamed to " + to);
        };
    builder().renaming(never).build().restore();
    assertRestored();
  }
}
