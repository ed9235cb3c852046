package dev.stream.replica.file;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what a failure of the file system means for a replica. */
final class FileFailures {

  private FileFailures() {}

  /**
   * The failure as the core understands it.
   *
   * @param doing what was tried, on which object, such as {@code store g/a}
   */
  static ReplicaException typed(Path root, String doing, IOException failure) {
    if (failure instanceof ReplicaException already) {
      return already;
    }
    String said = said(failure);
    String cannot = "cannot " + doing + " in " + root + ": ";
    if (isFull(root, said)) {
      return new ReplicaException(
          Reason.UNAVAILABLE,
          cannot + "no space left on " + root + "; nothing is lost, Stream retries",
          failure);
    }
    if (isDenied(root, failure, said)) {
      return new ReplicaException(
          Reason.ACCESS_DENIED,
          cannot + said + "; let the user of this process write there",
          failure);
    }
    if (Files.exists(root) && !Files.isDirectory(root)) {
      return notFolder(root, doing);
    }
    if (said.contains("File name too long") || said.contains("File too large")) {
      return new ReplicaException(
          Reason.REJECTED, cannot + "the file system refuses it: " + said, failure);
    }
    if (said.contains("Not a directory") || said.contains("Is a directory")) {
      return new ReplicaException(
          Reason.REJECTED,
          cannot + "a file stands where a folder is needed, or the reverse: " + said,
          failure);
    }
    if (failure instanceof AtomicMoveNotSupportedException) {
      return new ReplicaException(
          Reason.REJECTED,
          cannot + "the whole replica must be on one file system: " + said,
          failure);
    }
    return new ReplicaException(Reason.UNAVAILABLE, cannot + said, failure);
  }

  static ReplicaException notFolder(Path root, String doing) {
    return new ReplicaException(
        Reason.REJECTED, "cannot " + doing + ": " + root + " is not a folder; correct the path");
  }

  static ReplicaException exists(Path root, ObjectKey key, @Nullable IOException failure) {
    return new ReplicaFailures(root.toString()).exists(key, failure);
  }

  private static String said(IOException failure) {
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    if (failure instanceof AccessDeniedException denied) {
      return "permission denied for " + denied.getFile();
    }
    return ReplicaFailures.messageOf(failure);
  }

  private static boolean isFull(Path root, String said) {
    if (said.contains("No space left on device") || said.contains("quota exceeded")) {
      return true;
    }
    // The system's messages are in the user's language.
    return notEnglish() && storeSays(root, store -> store.getUsableSpace() == 0);
  }

  private static boolean isDenied(Path root, IOException failure, String said) {
    return failure instanceof AccessDeniedException
        || said.contains("Read-only file system")
        || said.contains("Operation not permitted")
        || (failure instanceof FileSystemException
            && notEnglish()
            && storeSays(root, FileStore::isReadOnly));
  }

  private static boolean notEnglish() {
    return !Locale.getDefault().getLanguage().equals(Locale.ENGLISH.getLanguage());
  }

  /** A question to a file store. */
  private interface Question {
    boolean ask(FileStore store) throws IOException;
  }

  private static boolean storeSays(Path root, Question question) {
    try {
      return question.ask(Files.getFileStore(root));
    } catch (IOException e) {
      return false;
    }
  }
}
