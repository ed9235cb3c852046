package dev.stream.api.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Writes a file from its beginning to its end and makes it durable: the first 16 MiB at once, what
 * follows a mebibyte at a time. Were a large file forced to its disk in one go at the end, an
 * application that commits to the same disk would wait for all of it: for a gigabyte that is a
 * second and more. So it waits for little, and the file is ready somewhat later. Files of up to 16
 * MiB are forced once, since more often would cost the application more than it wins.
 *
 * <p>Copies nothing. Not safe for use by several threads.
 */
public final class DurableOutput {

  /** How many bytes go to the disk at once at first. */
  static final int FIRST = 16 << 20;

  /** How many of what follows. */
  static final int STEP = 1 << 20;

  private final WritableByteChannel channel;
  private final Disk disk;
  private int room = FIRST;

  /** Has all that was written so far on the disk when it returns. */
  @FunctionalInterface
  interface Disk {
    void force(boolean metaData) throws IOException;
  }

  /**
   * Writes nothing yet.
   *
   * @param channel open for writing, where the first byte goes; the caller closes it
   */
  public DurableOutput(FileChannel channel) {
    this(channel, channel::force);
  }

  DurableOutput(WritableByteChannel channel, Disk disk) {
    this.channel = channel;
    this.disk = disk;
  }

  /**
   * Writes all that remains in a buffer.
   *
   * @throws IOException if the disk is full or fails: the file is of no use then
   */
  public void write(ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit((int) Math.min(end, (long) bytes.position() + room));
      room -= channel.write(bytes);
      if (room == 0) {
        disk.force(false);
        room = STEP;
      }
    }
    bytes.limit(end);
  }

  /**
   * Makes durable what was written, and the length of the file. Of its name this says nothing: see
   * {@link Folders#sync}.
   *
   * @throws IOException if the disk fails
   */
  public void finish() throws IOException {
    disk.force(true);
  }
}
