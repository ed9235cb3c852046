package dev.stream.source.h2;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.disk.FilePathDisk;

/**
 * H2's file system under the scheme {@code stream}: that of the disk, except that files which are
 * opened for writing can be observed.
 */
final class StreamFilePath extends FilePath {

  static final String SCHEME = "stream";

  /** H2's file systems that keep a store in one file, at the path that they name. */
  private static final Set<String> OBSERVABLE = Set.of("file", "async", "nioMapped", "retry");

  private static final String SPLIT = "org.h2.store.fs.split.FilePathSplit";

  private final FilePath base;

  /** The prototype that is registered with H2. */
  StreamFilePath() {
    this(FilePath.get(""));
  }

  private StreamFilePath(FilePath base) {
    this.base = base;
    this.name = SCHEME + ":" + base;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public StreamFilePath getPath(String path) {
    return new StreamFilePath(FilePath.get(path.substring(SCHEME.length() + 1)));
  }

  @Override
  public FilePath unwrap() {
    return base;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    if (mode.equals("r")) {
      return base.open(mode);
    }
    requireNotSplit();
    StoreFile file = StoreFiles.use(fileOnDisk());
    try {
      return file.open(base, mode);
    } finally {
      StoreFiles.release(file);
    }
  }

  /**
   * Refuses to be the part of a file that H2 splits: each part looks like a store of its own here,
   * so the first one alone would be captured. Only who calls tells.
   */
  private void requireNotSplit() throws IOException {
    boolean split =
        StackWalker.getInstance()
            .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(SPLIT)));
    if (split) {
      throw new IOException(
          "\"split:\" in front of \"stream:\" makes several files of "
              + base
              + ", of which only the first would be replicated; nothing was opened. Open it as"
              + " stream:<path>, without split:");
    }
  }

  private Path fileOnDisk() throws IOException {
    if (!OBSERVABLE.contains(base.getScheme())) {
      throw new IOException(
          "\"stream:\" observes a single file on a disk, not "
              + base
              + ": without observers nothing would be replicated. Open it as stream:<path>.");
    }
    FilePath file = base;
    while (!(file instanceof FilePathDisk)) {
      file = file.unwrap();
    }
    return Path.of(file.toString());
  }

  @Override
  public long size() {
    return base.size();
  }

  @Override
  public void moveTo(FilePath newName, boolean atomicReplace) {
    base.moveTo(newName.unwrap(), atomicReplace);
  }

  @Override
  public boolean createFile() {
    return base.createFile();
  }

  @Override
  public boolean exists() {
    return base.exists();
  }

  @Override
  public void delete() {
    base.delete();
  }

  @Override
  public List<FilePath> newDirectoryStream() {
    List<FilePath> files = new ArrayList<>();
    base.newDirectoryStream().forEach(file -> files.add(new StreamFilePath(file)));
    return files;
  }

  @Override
  public FilePath toRealPath() {
    return new StreamFilePath(base.toRealPath());
  }

  @Override
  @SuppressWarnings("NullAway") // H2's own file systems have no parent at their root either.
  public FilePath getParent() {
    FilePath parent = base.getParent();
    return parent == null ? null : new StreamFilePath(parent);
  }

  @Override
  public boolean isDirectory() {
    return base.isDirectory();
  }

  @Override
  public boolean isRegularFile() {
    return base.isRegularFile();
  }

  @Override
  public boolean isAbsolute() {
    return base.isAbsolute();
  }

  @Override
  public long lastModified() {
    return base.lastModified();
  }

  @Override
  public boolean canWrite() {
    return base.canWrite();
  }

  @Override
  public void createDirectory() {
    base.createDirectory();
  }

  @Override
  public InputStream newInputStream() throws IOException {
    return base.newInputStream();
  }

  @Override
  public OutputStream newOutputStream(boolean append) throws IOException {
    return base.newOutputStream(append);
  }

  @Override
  public boolean setReadOnly() {
    return base.setReadOnly();
  }

  @Override
  public FilePath createTempFile(String suffix, boolean inTempDir) throws IOException {
    return new StreamFilePath(base.createTempFile(suffix, inTempDir));
  }
}
