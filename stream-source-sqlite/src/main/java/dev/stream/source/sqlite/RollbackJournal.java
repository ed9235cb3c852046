package dev.stream.source.sqlite;

import dev.stream.api.file.Folders;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A rollback journal (SQLite file format, section 3): the pages of a database before a change, from
 * which SQLite itself, whoever opens the database next, undoes the change if its author dies.
 *
 * <p>It is written under another name and takes its own when it is complete: so it is whole from
 * its first moment on, and what takes long needs no lock. For one thread.
 */
final class RollbackJournal implements AutoCloseable {

  private static final long MAGIC = 0xd9d505f920a163d7L;

  /** What SQLite assumes of disks; the header has one for itself. */
  private static final int SECTOR = 4096;

  private static final int COUNT_AT = Long.BYTES;

  private final Path staging;
  private final Path journal;
  private final int pageSize;
  private final long pages;
  private final int nonce = ThreadLocalRandom.current().nextInt();
  private final DataOutputStream out;
  private final FileOutputStream file;
  private int count;

  private RollbackJournal(Path staging, Path journal, int pageSize, long pages) throws IOException {
    this.staging = staging;
    this.journal = journal;
    this.pageSize = pageSize;
    this.pages = pages;
    this.file = new FileOutputStream(staging.toFile());
    this.out = new DataOutputStream(new BufferedOutputStream(file, 1 << 18));
  }

  /**
   * Begins a journal.
   *
   * @param database the real path of the database
   * @param pages its size before the change
   */
  static RollbackJournal begin(Path database, int pageSize, long pages) throws IOException {
    RollbackJournal begun =
        new RollbackJournal(staging(database), journal(database), pageSize, pages);
    try {
      ByteBuffer header = ByteBuffer.allocate(SECTOR);
      header.putLong(MAGIC).putInt(0).putInt(begun.nonce);
      header.putInt((int) pages).putInt(SECTOR).putInt(pageSize);
      begun.out.write(header.array());
      return begun;
    } catch (IOException e) {
      begun.close();
      throw e;
    }
  }

  static Path journal(Path database) {
    return database.resolveSibling(database.getFileName() + "-journal");
  }

  static Path staging(Path database) {
    return database.resolveSibling("." + database.getFileName() + ".stream-journal");
  }

  /** Whether a page is in the journal, or needs not be: what lies beyond the end is cut off. */
  boolean needs(long pageId) {
    return pageId <= pages && pageId != SqliteHeader.lockPage(pageSize);
  }

  /** Adds a page as it is before the change; each once. */
  void add(long pageId, byte[] page) throws IOException {
    out.writeInt((int) pageId);
    out.write(page, 0, pageSize);
    out.writeInt(checksum(page));
    count++;
  }

  private int checksum(byte[] page) {
    int sum = nonce;
    for (int i = pageSize - 200; i > 0; i -= 200) {
      sum += page[i] & 0xFF;
    }
    return sum;
  }

  /** Completes the journal and makes it durable, under its other name still. */
  void complete() throws IOException {
    out.flush();
    try (RandomAccessFile header = new RandomAccessFile(staging.toFile(), "rw")) {
      header.seek(COUNT_AT);
      header.writeInt(count);
      header.getFD().sync();
    }
  }

  /** From now on whoever finds the database without its author undoes the change. */
  void arm() throws IOException {
    Files.move(staging, journal, StandardCopyOption.ATOMIC_MOVE);
    Folders.sync(Folders.of(journal));
  }

  /** The change is made: this is the commit. */
  void disarm() throws IOException {
    Files.delete(journal);
    Folders.sync(Folders.of(journal));
  }

  /** Removes what was not armed; an armed journal stays. */
  @Override
  public void close() throws IOException {
    file.close();
    Files.deleteIfExists(staging);
  }
}
