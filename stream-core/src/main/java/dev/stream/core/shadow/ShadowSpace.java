package dev.stream.core.shadow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongUnaryOperator;

/**
 * The room on the disk of the shadow directory, which is often that of the database: a snapshot
 * must not take the last of it. Thread-safe.
 */
public final class ShadowSpace {

  /** There is not enough room; nothing was begun, or what was is removed. */
  public static final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoRoomException(String message) {
      super(message);
    }
  }

  private final Path folder;
  private final LongUnaryOperator reserve;

  /**
   * The room in a folder.
   *
   * @param reserve what is to stay free, by the size of the disk
   */
  public ShadowSpace(Path folder, LongUnaryOperator reserve) {
    this.folder = folder;
    this.reserve = reserve;
  }

  /** Whether so many bytes can be written there and the reserve stays free. */
  public boolean hasRoomFor(long bytes) {
    // Not Files.getFileStore: it looks for a mount point, which a container may not show.
    long disk = folder.toFile().getTotalSpace();
    return disk <= 0 // it cannot be told: then writing will tell
        || folder.toFile().getUsableSpace() - bytes >= reserve.applyAsLong(disk);
  }

  /**
   * Refuses to go on without that room.
   *
   * @param what needs it
   */
  public void requireRoomFor(long bytes, String what) throws NoRoomException {
    if (!hasRoomFor(bytes)) {
      throw new NoRoomException(what + " has no room: " + shortage());
    }
  }

  /** What there is, for people. */
  public String shortage() {
    long disk = folder.toFile().getTotalSpace();
    return "the disk of "
        + folder
        + " has "
        + folder.toFile().getUsableSpace()
        + " bytes free, of which "
        + reserve.applyAsLong(disk)
        + " are left to the database and to commits";
  }
}
