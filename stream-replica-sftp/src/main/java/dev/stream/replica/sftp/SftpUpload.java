package dev.stream.replica.sftp;

import dev.stream.api.replica.support.ExactBody;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.schmizz.sshj.sftp.FileAttributes;

/**
 * Writes one file through one or several channels, without waiting for each answer. For one thread.
 */
final class SftpUpload {

  /** Unanswered bytes per channel: just below what OpenSSH lets be under way. */
  private static final int WINDOW = 60 * (32 << 10);

  /** Neighbours go through the same channel, so that the server writes them together. */
  private static final int RUN = 128 << 10;

  /** One of the channels, with the requests that wait for their answers in it. */
  private static final class Lane {
    final SftpChannel channel;
    final byte[] handle;
    final Deque<PendingReply> unanswered = new ArrayDeque<>();

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
  private final UploadSamples samples;

  /**
   * Begins to write a file that is open through one channel already.
   *
   * @param others further channels to use
   * @param samples learns what is written
   */
  SftpUpload(
      String path,
      SftpChannel first,
      byte[] handle,
      List<SftpChannel> others,
      UploadSamples samples)
      throws IOException {
    this.samples = samples;
    lanes.add(new Lane(first, handle));
    List<PendingReply> opening = new ArrayList<>();
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
  FileAttributes run(ExactBody body) throws IOException {
    byte[] chunk = new byte[lanes.get(0).channel.writeChunk()];
    int most = Math.max(1, WINDOW / chunk.length);
    long position = 0;
    for (int count; (count = body.readNBytes(chunk, 0, chunk.length)) > 0; ) {
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
    List<PendingReply> closing = new ArrayList<>();
    // Some servers answer what is asked behind a write before they have written.
    for (Lane lane : lanes) {
      lane.settle(0);
    }
    for (Lane lane : lanes.subList(1, lanes.size())) {
      closing.add(lane.channel.close(lane.handle));
    }
    // These requests follow each other without waiting: every server deals with them in order.
    if (first.channel.canFlush()) {
      first.unanswered.add(first.channel.flush(first.handle));
    }
    PendingReply attributes = first.channel.attributes(first.handle);
    closing.add(first.channel.close(first.handle));
    lanes.clear(); // a handle that is closed twice may be another file's by then
    first.settle(0);
    for (PendingReply reply : closing) {
      reply.ok();
    }
    return attributes.attributes();
  }

  /** Closes the file after a failure, without waiting for the answer. */
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
