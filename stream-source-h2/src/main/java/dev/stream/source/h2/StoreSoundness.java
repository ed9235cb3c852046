package dev.stream.source.h2;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.MVStoreTool;
import org.jspecify.annotations.Nullable;

/** Whether a file is a store that H2 can open. Reads it only, under H2's shared lock. */
final class StoreSoundness {

  /** How H2 marks an encrypted file, of which nothing can be told without its key. */
  private static final byte[] ENCRYPTED = "H2encrypt\n".getBytes(StandardCharsets.US_ASCII);

  /** How the header of a store begins, which is text. */
  private static final byte[] STORE = "H:2,".getBytes(StandardCharsets.US_ASCII);

  private StoreSoundness() {}

  /** Whether a file begins as a store does, or as an encrypted one. */
  static boolean isMarked(Path path) throws IOException {
    return begins(path, STORE) || begins(path, ENCRYPTED);
  }

  /**
   * What is wrong with a file, as a clause; null if H2 can open it, or if somebody else has it
   * open, who then has seen that it can be.
   */
  static @Nullable String defect(Path path) throws IOException {
    if (Files.size(path) == 0) {
      return "it is empty";
    }
    if (isEncrypted(path)) {
      return null;
    }
    try {
      new MVStore.Builder().fileName(path.toString()).readOnly().open().close();
      return null;
    } catch (MVStoreException e) {
      return e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
          ? null
          : "H2 cannot open it (" + e.getMessage() + ")";
    } catch (RuntimeException e) { // what the bytes of a damaged file make H2 stumble over
      return "H2 cannot open it (" + e + ")";
    }
  }

  /**
   * What is wrong with pages that opening does not look at: a copy is compacted, for which H2 reads
   * every page of every map. Needs twice the file's size in the folder for temporary files.
   */
  static @Nullable String thoroughDefect(Path path) throws IOException {
    if (isEncrypted(path) || Files.size(path) == 0) {
      return null;
    }
    Path copy = Files.createTempFile("stream-h2-", ".check");
    try {
      Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
      MVStoreTool.compact(copy.toString(), false);
      return null;
    } catch (RuntimeException e) {
      return "H2 cannot read all of it (" + e + ")";
    } finally {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + ".tempFile"));
      Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + ".newFile"));
    }
  }

  private static boolean isEncrypted(Path path) throws IOException {
    return begins(path, ENCRYPTED);
  }

  private static boolean begins(Path path, byte[] mark) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(mark.length), mark);
    }
  }
}
