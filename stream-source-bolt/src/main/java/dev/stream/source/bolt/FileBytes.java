package dev.stream.source.bolt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What a bolt file holds: the file itself, or a copy of it in memory. */
interface FileBytes {

  /** The file, for messages. */
  Path path();

  /** Fills what remains of the buffer, or as much of it as there is; returns how much. */
  int read(ByteBuffer target, long position) throws IOException;
}
