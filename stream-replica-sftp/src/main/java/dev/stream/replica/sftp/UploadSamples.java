package dev.stream.replica.sftp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.schmizz.sshj.sftp.PacketType;
import net.schmizz.sshj.sftp.Response;

/**
 * A few bytes from all over a file that is written, to see afterwards whether the server has them
 * where they belong: its size says little of a file whose parts were mixed up. For one thread.
 */
final class UploadSamples {

  private static final int MOST = 128;
  private static final int LENGTH = 64;

  /** Some bytes, and where in the file they belong. */
  private static final class Sample {
    final long offset;
    final byte[] bytes;

    Sample(long offset, byte[] bytes) {
      this.offset = offset;
      this.bytes = bytes;
    }
  }

  /** What was written is not what the server has. */
  static final class Mismatch extends IOException {
    private static final long serialVersionUID = 1L;

    private Mismatch(String message) {
      super(message);
    }
  }

  private final List<Sample> samples = new ArrayList<>();
  private final long stride;
  private long next;

  /** Takes no samples: the file is so small that one channel takes it in an instant. */
  static UploadSamples none() {
    return new UploadSamples(0);
  }

  /** Takes samples all over a file of this size. */
  static UploadSamples of(long size) {
    return new UploadSamples(Math.max(1, size / MOST));
  }

  private UploadSamples(long stride) {
    this.stride = stride;
  }

  /** Learns of the next bytes of the file. */
  void written(long position, byte[] bytes, int count) {
    if (stride > 0 && position >= next) {
      samples.add(new Sample(position, Arrays.copyOf(bytes, Math.min(count, LENGTH))));
      next += stride;
    }
  }

  /** Compares the samples with what the server has, in two round trips. */
  void check(SftpChannel channel, String path) throws IOException {
    if (samples.isEmpty()) {
      return;
    }
    byte[] handle = channel.openToRead(path).handle();
    try {
      List<PendingReply> replies = new ArrayList<>();
      for (Sample sample : samples) {
        replies.add(channel.read(handle, sample.offset, sample.bytes.length));
      }
      for (int i = 0; i < replies.size(); i++) {
        compare(samples.get(i), replies.get(i).await());
      }
    } finally {
      channel.close(handle);
    }
  }

  /** A server may answer with fewer bytes than were asked for; these must be right as well. */
  private static void compare(Sample sample, Response response) throws IOException {
    byte[] found = new byte[0];
    if (response.getType() == PacketType.DATA) {
      found = response.readBytes();
    }
    int count = Math.min(found.length, sample.bytes.length);
    if (count == 0 || !Arrays.equals(found, 0, count, sample.bytes, 0, count)) {
      throw new Mismatch(
          "the file on the server is not what was written, from byte " + sample.offset + " on");
    }
  }
}
