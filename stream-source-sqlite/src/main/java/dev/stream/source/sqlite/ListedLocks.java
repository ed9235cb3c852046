package dev.stream.source.sqlite;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The file locks that the system lists (Linux: {@code /proc/locks}, see proc_locks(5)). A line
 * reads: number, kind, {@code ADVISORY}, {@code READ} or {@code WRITE}, process, {@code
 * major:minor:inode}, first byte, last byte; one that begins with an arrow only waits for its lock.
 *
 * <p>The list is read thousands of times a second while the application's checkpoints are watched
 * for, so its bytes are looked at where they are: reading it again allocates nothing.
 *
 * <p>For use by one thread.
 */
final class ListedLocks {

  private static final byte[] EXCLUSIVE = ascii(" WRITE ");
  private static final byte[] WAITING = ascii("->");

  private final Path path;
  private byte[] text = new byte[8192];
  private int length;
  private int cursor;

  ListedLocks(Path path) {
    this.path = path;
  }

  /** What the lines of a file's locks have in common. */
  static byte[] file(Object inode) {
    return ascii(":" + inode + " ");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads the list anew; it is empty where the system does not tell. */
  void read() {
    length = 0;
    try (InputStream in = new FileInputStream(path.toFile())) {
      for (int got = 0; got >= 0; got = in.read(text, length, text.length - length)) {
        length += got;
        if (length == text.length) {
          text = Arrays.copyOf(text, 2 * length);
        }
      }
    } catch (IOException e) {
      length = 0;
    }
  }

  /** Whether a lock on a file is listed that another process has. */
  boolean isLockedByOthers(byte[] file, long ownProcess) {
    byte[] own = ascii(" " + ownProcess + " ");
    for (int at = find(file, 0, length); at >= 0; at = find(file, at + 1, length)) {
      if (find(own, lineOf(at), at) < 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether an exclusive lock on a file is listed that covers these bytes of it. */
  boolean isExclusivelyLocked(byte[] file, long first, long last) {
    for (int at = find(file, 0, length); at >= 0; at = find(file, at + 1, length)) {
      cursor = at + file.length;
      int line = lineOf(at);
      if (number() <= first
          && number() >= last
          && find(EXCLUSIVE, line, at) >= 0
          && find(WAITING, line, at) < 0) {
        return true;
      }
    }
    return false;
  }

  private int lineOf(int at) {
    int start = at;
    while (start > 0 && text[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  /** The number at the cursor, which then is behind it; a last byte of {@code EOF} reads as -1. */
  private long number() {
    long number = -1;
    while (cursor < length && text[cursor] >= '0' && text[cursor] <= '9') {
      number = 10 * Math.max(number, 0) + text[cursor++] - '0';
    }
    cursor++;
    return number;
  }

  private int find(byte[] what, int from, int to) {
    for (int at = from; at <= to - what.length; at++) {
      if (text[at] == what[0] && Arrays.equals(text, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }
}
