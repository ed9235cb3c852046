package dev.stream.source.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the file system says of a file. Another stamp means that something may have happened to the
 * file; it never tells what. An equal one is a hint that nothing did, and a proof only where it was
 * settled ({@link #isSettledAnywhere}) and the file system is a local one ({@link
 * FolderEvents#tellSurely}): no program can set the time of the last change.
 *
 * @param key device and inode
 * @param size in bytes
 * @param modifiedAt when the content was last changed
 * @param changedAt when content or attributes were last changed, which no program can set; the same
 *     as {@code modifiedAt} where the file system does not tell
 */
record FileStamp(
    @Nullable Object key, long size, @Nullable FileTime modifiedAt, @Nullable FileTime changedAt) {

  /** Two changes within one tick of the kernel's clock may carry the same time. */
  private static final Duration TICK = Duration.ofMillis(15);

  /** Some file systems count in seconds, or in two. */
  private static final Duration COARSE_TICK = Duration.ofMillis(2_100);

  /** The stamp of the file that a path leads to now; null if there is none. */
  static @Nullable FileStamp of(Path path) throws IOException {
    try {
      Map<String, Object> unix =
          Files.readAttributes(path, "unix:fileKey,size,lastModifiedTime,ctime");
      return new FileStamp(
          unix.get("fileKey"),
          (Long) Objects.requireNonNull(unix.get("size")),
          (FileTime) unix.get("lastModifiedTime"),
          (FileTime) unix.get("ctime"));
    } catch (NoSuchFileException e) {
      return null;
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return withoutChangeTime(path);
    }
  }

  private static @Nullable FileStamp withoutChangeTime(Path path) throws IOException {
    try {
      BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class);
      FileTime modified = basic.lastModifiedTime();
      return new FileStamp(basic.fileKey(), basic.size(), modified, modified);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Whether a change after this moment is certain to carry a later time. */
  boolean isSettled() {
    return isOlderThan(TICK);
  }

  /** The same, whatever the file system is. */
  boolean isSettledAnywhere() {
    return isOlderThan(COARSE_TICK);
  }

  private boolean isOlderThan(Duration tick) {
    Instant settled = Instant.now().minus(tick);
    return modifiedAt != null
        && changedAt != null
        && modifiedAt.toInstant().isBefore(settled)
        && changedAt.toInstant().isBefore(settled);
  }
}
