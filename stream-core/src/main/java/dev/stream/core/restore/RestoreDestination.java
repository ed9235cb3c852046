package dev.stream.core.restore;

import dev.stream.api.database.PagedDatabaseProvider;
import dev.stream.core.config.WorkingDirectory;
import dev.stream.core.event.RestorePhase;
import dev.stream.core.file.FileRights;
import dev.stream.core.file.RestoreFile;
import dev.stream.core.file.TargetException;
import dev.stream.core.read.Progress;
import dev.stream.core.restore.RestoreException.Reason;
import dev.stream.core.retry.FailureText;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a database is restored to, where its file is made, and the rules for what is there. */
final class RestoreDestination {

  /** How much a folder's file system can still take. */
  @FunctionalInterface
  interface Space {
    /** Bytes that this process may still write; 0 if it is full or does not tell. */
    long usable(Path folder);
  }

  private final RestorerBuilder options;
  private final Path target;
  private final Path folder;
  private final Path workFolder;

  private RestoreDestination(RestorerBuilder options, Path target, Path folder, Path workFolder) {
    this.options = options;
    this.target = target;
    this.folder = folder;
    this.workFolder = workFolder;
  }

  /** Refuses what cannot or must not be written, before anything is fetched. */
  static RestoreDestination check(RestorerBuilder options) throws RestoreException {
    Path named = options.target;
    requireNameable(named);
    Path target = named.toAbsolutePath();
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw new RestoreException(
          Reason.TARGET_UNSUITABLE,
          named
              + " is a folder; name the file that is to be restored, such as "
              + named.resolve("restored.db"));
    }
    target = throughLink(named, target);
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new RestoreException(
          Reason.TARGET_FOLDER_MISSING,
          "the folder "
              + folder
              + " does not exist, so "
              + named
              + " cannot be restored there; create it first: mkdir -p "
              + folder);
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new RestoreException(
          Reason.TARGET_UNSUITABLE, named + " is no regular file and is not replaced");
    }
    requireWritable(folder);
    Path workFolder = options.tempDir == null ? folder : workFolder(options.tempDir, named);
    RestoreDestination destination = new RestoreDestination(options, target, folder, workFolder);
    destination.requireAbsent();
    return destination;
  }

  private static Path workFolder(Path tempDir, Path named) throws RestoreException {
    requireNameable(tempDir);
    Path folder = tempDir.toAbsolutePath();
    if (!Files.isDirectory(folder)) {
      throw new RestoreException(
          Reason.TARGET_FOLDER_MISSING,
          "the folder "
              + folder
              + ", in which "
              + named
              + " is to be made, does not exist; create it first: mkdir -p "
              + folder);
    }
    requireWritable(folder);
    return folder;
  }

  private static void requireNameable(Path named) throws RestoreException {
    String unnameable = WorkingDirectory.problem(named);
    if (unnameable != null) {
      throw new RestoreException(Reason.TARGET_UNSUITABLE, named + " " + unnameable);
    }
  }

  private static void requireWritable(Path folder) throws RestoreException {
    if (!Files.isWritable(folder)) {
      throw new RestoreException(
          Reason.TARGET_FAILED, "the folder " + folder + " is not writable for this user");
    }
  }

  private static Path throughLink(Path named, Path target) throws RestoreException {
    if (!Files.isSymbolicLink(target)) {
      return target;
    }
    try {
      return target.toRealPath();
    } catch (IOException e) {
      throw new RestoreException(
          Reason.TARGET_UNSUITABLE,
          named + " is a symbolic link that leads nowhere; remove it, or name the file itself",
          e);
    }
  }

  Path target() {
    return target;
  }

  /** The folders that are written to: the target's, and the one in which the file is made. */
  Set<Path> folders() {
    return new LinkedHashSet<>(List.of(folder, workFolder));
  }

  /** A new name for a file that is needed meanwhile. */
  Path scratch() {
    return RestoreFile.name(workFolder, target);
  }

  /** Removes what restores to the same target left behind when their process was killed. */
  void removeAbandoned() throws IOException {
    for (Path each : folders()) {
      RestoreFile.removeAbandoned(each, target);
    }
  }

  /** Begins the file. */
  RestoreFile create(int pageSize) throws TargetException {
    return RestoreFile.create(workFolder, target, pageSize, options.sharedDisk);
  }

  private void requireAbsent() throws RestoreException {
    if (!options.force && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new RestoreException(
          Reason.TARGET_EXISTS,
          target + " exists and is left as it is; name another file, or replace it with --force");
    }
  }

  /** Refuses leftovers that the database would mix into the restored file. */
  void requireNoLeftovers(@Nullable PagedDatabaseProvider<?> database) throws RestoreException {
    List<Path> leftovers = companions(database);
    if (!options.force && !leftovers.isEmpty()) {
      throw new RestoreException(
          Reason.LEFTOVERS,
          names(leftovers)
              + " of an earlier database would be mixed into the restored one; if it is not needed"
              + " to save that database, remove it, or have it removed with --force");
    }
  }

  /**
   * Refuses a file system that is too full, as far as it tells: some report nothing, and a restore
   * must not fail on that.
   */
  void requireSpace(long bytes) throws IOException {
    for (Path each : folders()) {
      long usable = options.space.usable(each);
      if (usable > 0 && usable < bytes) {
        throw new RestoreException(
            Reason.NO_SPACE,
            String.format(
                Locale.ROOT,
                "the database has %,d bytes, but only %,d are free for %s%s; make room or restore"
                    + " elsewhere",
                bytes,
                usable,
                target,
                each.equals(folder) ? "" : " in " + each + ", where it is made"));
      }
    }
  }

  /**
   * Brings a proven file beside the target, from where it can take the target's name in one step:
   * the file itself or, from another file system, a copy that is proven to be the same. The target
   * is not touched.
   *
   * @return what lies beside the target now, to be closed; may be the file itself
   */
  RestoreFile bringBeside(RestoreFile proven, Progress progress) throws IOException {
    if (workFolder.equals(folder)) {
      return proven;
    }
    try {
      proven.rename(RestoreFile.name(folder, target), options.renaming);
      return proven;
    } catch (IOException e) { // Whatever the reason is, a copy will do, or says what is wrong.
      progress.begin(RestorePhase.MOVE, 2 * proven.length());
      return proven.copy(folder, target, progress::add);
    }
  }

  /**
   * Puts a proven file in the target's place. The old file's companions are moved aside first, then
   * the file takes the name in one step, then they are deleted: at no moment could the database
   * apply an old journal to the new file, and until that step everything can be put back.
   *
   * @return what did not go as it should though the file is in place
   */
  List<String> replaceWith(Path proven, @Nullable PagedDatabaseProvider<?> database)
      throws RestoreException, TargetException {
    requireAbsent();
    requireNoLeftovers(database);
    List<String> warnings = new ArrayList<>();
    giveRights(proven, warnings);
    ReplacedFiles former = new ReplacedFiles(target, companions(database), options.keptSuffix);
    try {
      former.makeWay();
      moveIntoPlace(proven);
    } catch (IOException e) {
      former.putBack(e);
      if (e instanceof FileAlreadyExistsException) {
        requireAbsent();
      }
      throw new TargetException(
          "cannot put the restored file in the place of " + target + ": " + FailureText.of(e), e);
    }
    former.settle(warnings);
    return warnings;
  }

  private List<Path> companions(@Nullable PagedDatabaseProvider<?> database) {
    return database == null
        ? List.of()
        : database.companions(target).stream()
            .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
            .toList();
  }

  private void moveIntoPlace(Path proven) throws IOException {
    if (!options.force) {
      // A link, unlike a move, never replaces a file that appeared just now.
      try {
        Files.createLink(target, proven);
        return;
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (UnsupportedOperationException | IOException e) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
          throw new FileAlreadyExistsException(target.toString());
        }
      }
    }
    Files.move(proven, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * The successor belongs to whom the file belonged, or else to whom its folder does, for a restore
   * by root must not lock out the application; and nobody reads it who could not before.
   */
  private void giveRights(Path proven, List<String> warnings) {
    try {
      FileRights.of(target).giveFile(proven);
    } catch (IOException e) {
      warnings.add(
          "the restored file could not be given the owner or rights of the old one: "
              + FailureText.of(e));
    }
  }

  private static String names(List<Path> files) {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
