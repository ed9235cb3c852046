package dev.stream.replica.sftp;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.schmizz.sshj.sftp.FileAttributes;

/**
 * Writes one file through one or several channels, without waiting for each answer. For one thread.
 */
final class Upload {

  /** Unanswered bytes per channel: just below what OpenSSH lets be under way. */
  private static final int WINDOW = 60 * (32 << 10);

  /** Neighbours go through the same channel, so that the server writes them together. */
  private static final int RUN = 512 << 10;

  /** One channel's part. */
  private static final class Lane {
    final SftpChannel channel;
    final byte[] handle;
    final Deque<Reply> unanswered = new ArrayDeque<>();

    Lane(SftpChannel channel, byte[] handle) {
      this.channel = channel;
      this.handle = handle;
    }

    void settle(int most) throws IOException {
      while (unanswered.size() > most) {
        unanswered.remove().ok();
      }
    }
  }

  private final List<Lane> lanes = new ArrayList<>();
  private final Samples samples;

  /**
   * Begins to write a file that is open through one channel already.
   *
   * @param others further channels to use
   * @param samples learns what is written
   */
  Upload(String path, SftpChannel first, byte[] handle, List<SftpChannel> others, Samples samples)
      throws IOException {
    this.samples = samples;
    lanes.add(new Lane(first, handle));
    List<Reply> opening = new ArrayList<>();
    for (SftpChannel other : others) {
      opening.add(other.openToWrite(path, false));
    }
    for (int i = 0; i < opening.size(); i++) {
      lanes.add(new Lane(others.get(i), opening.get(i).handle()));
    }
  }

  /**
   * Writes the whole content and closes the file.
   *
   * @return what the server says of it
   */
  FileAttributes run(Body body) throws IOException {
    byte[] chunk = new byte[lanes.get(0).channel.writeChunk()];
    int most = Math.max(1, WINDOW / chunk.length);
    long position = 0;
    for (int count = body.next(chunk); count > 0; count = body.next(chunk)) {
      Lane lane = lanes.get((int) (position / RUN % lanes.size()));
      lane.settle(most - 1);
      lane.unanswered.add(lane.channel.write(lane.handle, position, chunk, count));
      samples.written(position, chunk, count);
      position += count;
    }
    return finish();
  }

  private FileAttributes finish() throws IOException {
    Lane first = lanes.get(0);
    List<Reply> closing = new ArrayList<>();
    // Some servers answer what is asked behind a write before they have written.
    for (Lane lane : lanes) {
      lane.settle(0);
    }
    for (Lane lane : lanes.subList(1, lanes.size())) {
      closing.add(lane.channel.close(lane.handle));
    }
    // One behind the other: these every server deals with in order.
    if (first.channel.canFlush()) {
      first.unanswered.add(first.channel.flush(first.handle));
    }
    Reply attributes = first.channel.attributes(first.handle);
    closing.add(first.channel.close(first.handle));
    first.settle(0);
    for (Reply reply : closing) {
      reply.ok();
    }
    return attributes.attributes();
  }

  /** Closes the file after a failure; nobody waits for it. */
  void abandon() {
    for (Lane lane : lanes) {
      try {
        lane.channel.close(lane.handle);
      } catch (IOException e) {
        // The connection is broken, and the server closes what was open.
      }
    }
  }
}
