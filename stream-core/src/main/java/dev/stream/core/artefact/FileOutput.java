package dev.stream.core.artefact;

import dev.stream.api.file.DurableOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Puts an artefact into a file; one that is not finished is deleted. */
final class FileOutput implements ArtefactOutput {

  private final Path file;
  private final FileChannel channel;
  private final DurableOutput output;

  private FileOutput(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.output = new DurableOutput(channel);
  }

  /** Begins a file, in place of one that is there. */
  static FileOutput create(Path file) throws IOException {
    return new FileOutput(
        file,
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  @Override
  public void head(byte[] bytes) throws IOException {
    write(bytes, bytes.length);
  }

  @Override
  public void block(byte[] stored, int length, long checksum) throws IOException {
    write(stored, length);
  }

  @Override
  public void end(byte[] index, byte[] footer) throws IOException {
    write(index, index.length);
    write(footer, footer.length);
    output.finish();
    channel.close();
  }

  @Override
  public void discard() throws IOException {
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void write(byte[] bytes, int length) throws IOException {
    output.write(ByteBuffer.wrap(bytes, 0, length));
  }

  @Override
  public String toString() {
    return String.valueOf(file.getFileName());
  }
}
