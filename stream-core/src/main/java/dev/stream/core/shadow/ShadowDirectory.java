package dev.stream.core.shadow;

import dev.stream.api.file.Folders;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.core.archive.ArchiveListing;
import dev.stream.core.archive.ArtefactDescriptor;
import dev.stream.core.archive.ArtefactKeys;
import dev.stream.core.file.FileRights;
import dev.stream.core.state.GenerationId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of the shadow log: sealed artefacts in the layout of a replica, {@code active/} with
 * the logs that are not sealed yet, {@code tmp/} with what is being written, {@code kept/} with
 * what was set aside and is never deleted. An empty file {@code <generation>/cuts/<txId>} remembers
 * of which transactions there are snapshots, which segments are not merged across. One Stream at a
 * time holds it. Safe for use by several threads.
 */
public final class ShadowDirectory implements AutoCloseable {

  private static final String LOG_SUFFIX = ".log";
  private static final Pattern CUT = Pattern.compile("[0-7][0-9a-f]{15}");

  private final Path root;
  private final ShadowLock lock;
  private final FileRights rights;
  private final SpareLog spare;

  private ShadowDirectory(Path root, ShadowLock lock, FileRights rights) {
    this.root = root;
    this.lock = lock;
    this.rights = rights;
    this.spare = new SpareLog(tmp().resolve("spare" + LOG_SUFFIX));
  }

  /**
   * Takes hold of a folder, for the owner alone if it has to be made.
   *
   * @throws IOException as {@link #open(Path, FileRights)}
   */
  public static ShadowDirectory open(Path root) throws IOException {
    return open(root, FileRights.PRIVATE);
  }

  /**
   * Takes hold of a folder, creating it if need be, and removes what a crash left half-written.
   *
   * @param rights who may use what is made; a folder that was there keeps its own, but nothing in
   *     it is for more users than that
   * @throws IOException if another Stream holds it, or it cannot be written
   */
  public static ShadowDirectory open(Path root, FileRights rights) throws IOException {
    boolean made;
    try {
      made = Files.notExists(root);
      Files.createDirectories(root);
      if (made) {
        rights.giveFolder(root);
      }
    } catch (IOException e) {
      throw new IOException(
          "cannot create the shadow directory "
              + root
              + ": "
              + e
              + "; nothing was changed. Set \"shadowDir\" to a folder that can be written.",
          e);
    }
    Path real = root.toRealPath();
    ShadowLock lock = ShadowLock.acquire(real);
    try {
      ShadowDirectory directory = new ShadowDirectory(real, lock, rights);
      deleteTree(directory.tmp());
      Files.createDirectories(directory.tmp());
      Files.createDirectories(directory.active());
      directory.closeFolders();
      rights.giveFile(real.resolve(ShadowLock.NAME));
      return directory;
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  /** What another version left open to more users than the database is. */
  private void closeFolders() throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.filter(Files::isDirectory).toList()) {
        rights.giveFolder(folder);
      }
    }
  }

  /** Who may use what is made here. */
  public FileRights rights() {
    return rights;
  }

  /** The folder. */
  public Path root() {
    return root;
  }

  /** Where an artefact is or would be. */
  public Path path(ObjectKey key) {
    return root.resolve(key.value());
  }

  /** A place for something half-written. */
  public Path temporary(ObjectKey key) {
    return tmp().resolve(key.value().replace('/', '_'));
  }

  /** Where a log is kept that begins with a transaction. */
  Path logFile(GenerationId generation, long firstTxId) {
    return active()
        .resolve(generation + "." + String.format(Locale.ROOT, "%016x", firstTxId) + LOG_SUFFIX);
  }

  /** The logs that are not sealed, oldest first. */
  List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.list(active())) {
      return files.filter(f -> f.getFileName().toString().endsWith(LOG_SUFFIX)).sorted().toList();
    }
  }

  /**
   * Moves a log, or the folder of a generation, to {@code kept/}, where no start takes it for its
   * own or deletes it. Returns where it is then.
   */
  Path setAside(Path what) throws IOException {
    Path kept = Files.createDirectories(root.resolve("kept"));
    rights.giveFolder(kept);
    Path target = kept.resolve(what.getFileName());
    for (int i = 2; Files.exists(target); i++) {
      target = kept.resolve(what.getFileName() + "-" + i);
    }
    return Files.move(what, target);
  }

  /**
   * Creates the log that begins after {@code parent}.
   *
   * @param doubt what it closes, if it is to take a catch-up and nothing else; else null
   */
  public ActiveLog createLog(
      GenerationId generation, DatabaseState parent, @Nullable Doubt doubt, boolean force)
      throws IOException {
    ActiveLog log = newLog(generation, parent, doubt, force);
    if (force || rights != FileRights.PRIVATE) {
      try {
        rights.giveFile(log.file());
        if (force) {
          Folders.sync(active());
        }
      } catch (IOException e) {
        log.close();
        Files.deleteIfExists(log.file());
        throw e;
      }
    }
    return log;
  }

  private ActiveLog newLog(
      GenerationId generation, DatabaseState parent, @Nullable Doubt doubt, boolean force)
      throws IOException {
    Path file = logFile(generation, parent.txId() + 1);
    Path over = spare.take();
    if (over != null) {
      try {
        return ActiveLog.create(file, over, generation, parent, doubt, force);
      } catch (IOException e) {
        // not on this file system: a new file it is
      }
    }
    return ActiveLog.create(file, null, generation, parent, doubt, force);
  }

  /** A log was sealed: nobody needs what is in its file any more, absent or not. */
  void spend(ClosedLog log) throws IOException {
    if (Files.exists(log.file())) {
      spare.keep(log.file(), log.length());
    }
  }

  /**
   * Makes a finished, durable file an artefact: atomically and durably.
   *
   * @param temporary where it was written
   */
  public void publish(Path temporary, ObjectKey key) throws IOException {
    Path target = path(key);
    Path folder = folderOf(target);
    createFolders(folder);
    rights.giveFile(temporary);
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Folders.sync(folder);
  }

  /**
   * Writes a small file beside the artefacts as a whole: atomically and durably.
   *
   * @param name its name, which may begin with a folder's
   */
  public void note(String name, String text) throws IOException {
    Path target = root.resolve(name);
    Path folder = folderOf(target);
    createFolders(folder);
    Path temporary = tmp().resolve(name.replace('/', '_'));
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    rights.giveFile(temporary);
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Folders.sync(folder);
  }

  /** Remembers, durably, that a snapshot is of this transaction. */
  public void markCut(GenerationId generation, long txId) throws IOException {
    Path folder = cutFolder(generation);
    createFolders(folder);
    Path cut = folder.resolve(String.format(Locale.ROOT, "%016x", txId));
    Files.write(cut, new byte[0]);
    rights.giveFile(cut);
    Folders.sync(folder);
  }

  /** The remembered transactions of a generation. */
  public NavigableSet<Long> cuts(GenerationId generation) throws IOException {
    NavigableSet<Long> cuts = new TreeSet<>();
    try (Stream<Path> files = Files.list(cutFolder(generation))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (CUT.matcher(name).matches()) {
          cuts.add(Long.parseLong(name, 16));
        }
      }
    } catch (NoSuchFileException e) {
      // none was ever remembered
    }
    return cuts;
  }

  /** Forgets the transactions of a generation that are less than {@code txId}. */
  public void forgetCuts(GenerationId generation, long txId) throws IOException {
    for (long cut : cuts(generation).headSet(txId)) {
      delete(cutFolder(generation).resolve(String.format(Locale.ROOT, "%016x", cut)));
    }
  }

  private Path cutFolder(GenerationId generation) {
    return root.resolve(generation.value()).resolve("cuts");
  }

  /** What the folder holds of sealed artefacts. */
  public ArchiveListing list() throws IOException {
    List<ArtefactDescriptor> found = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.sorted().toList()) {
        if (GenerationId.isGenerationId(folder.getFileName().toString())) {
          collect(folder, found);
        }
      }
    }
    return ArchiveListing.of(found);
  }

  private void collect(Path folder, List<ArtefactDescriptor> found) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        StringBuilder key = new StringBuilder();
        root.relativize(file).forEach(part -> key.append(key.isEmpty() ? "" : "/").append(part));
        ArtefactKeys.parse(
                new ObjectInfo(
                    new ObjectKey(key.toString()),
                    Files.size(file),
                    Files.getLastModifiedTime(file).toInstant()))
            .ifPresent(found::add);
      }
    }
  }

  /** Removes an artefact, and the folders it leaves empty; absent is fine. */
  public void delete(ObjectKey key) throws IOException {
    delete(path(key));
  }

  private void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    for (Path folder = folderOf(file); !folder.equals(root); folder = folderOf(folder)) {
      try {
        Files.deleteIfExists(folder);
      } catch (java.nio.file.DirectoryNotEmptyException e) {
        return;
      }
    }
  }

  private Path folderOf(Path path) {
    Path folder = path.getParent();
    return folder == null ? root : folder;
  }

  private void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folderOf(folder);
    createFolders(parent);
    Files.createDirectories(folder);
    rights.giveFolder(folder);
    Folders.sync(parent);
  }

  private Path tmp() {
    return root.resolve("tmp");
  }

  private Path active() {
    return root.resolve("active");
  }

  private static void deleteTree(Path folder) throws IOException {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // nothing was left
    }
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      spare.close();
    }
  }
}
