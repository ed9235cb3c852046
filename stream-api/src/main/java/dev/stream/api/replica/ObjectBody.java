package dev.stream.api.replica;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The content of an object to be stored. It can be opened again, so that a retry replays it. */
public interface ObjectBody {

  /** Length in bytes; every stream yields exactly so many. */
  long size();

  /** A new stream from the first byte; the caller closes it. */
  InputStream open() throws IOException;

  /**
   * A content that is in memory.
   *
   * @param content not copied, so not to be changed
   */
  static ObjectBody of(byte[] content) {
    return new ObjectBody() {
      @Override
      public long size() {
        return content.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(content);
      }
    };
  }
}
