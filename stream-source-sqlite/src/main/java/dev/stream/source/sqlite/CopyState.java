package dev.stream.source.sqlite;

import java.util.HexFormat;

/**
 * One state of a followed copy.
 *
 * @param counter the change counter in the file, by which the state is known again; 0 if it is
 *     empty
 * @param pageSize bytes per page
 * @param pages size in pages
 * @param header the database header as captured, in hex digits; empty if the file is
 * @param note what its owner calls it, a line
 */
record CopyState(int counter, int pageSize, long pages, String header, String note) {

  private static final int FIELDS = 5;

  CopyState {
    if (note.indexOf('\n') >= 0 || note.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("a note is one line: " + note);
    }
  }

  static CopyState of(int counter, int pageSize, long pages, byte[] captured, String note) {
    return new CopyState(counter, pageSize, pages, HexFormat.of().formatHex(captured), note);
  }

  byte[] captured() {
    return HexFormat.of().parseHex(header);
  }

  long length() {
    return pages * pageSize;
  }

  /** The bytes that a page-1 reader sees first; nothing if the file is empty. */
  byte[] shown() {
    return pages == 0 ? new byte[0] : CopyHeader.shown(captured(), counter, pages);
  }

  String line() {
    return counter
        + " "
        + pageSize
        + " "
        + pages
        + " "
        + (header.isEmpty() ? "-" : header)
        + " "
        + note;
  }

  /** The inverse of {@link #line}; fails with {@link IllegalArgumentException}. */
  static CopyState parse(String line) {
    String[] fields = line.split(" ", FIELDS);
    if (fields.length < FIELDS) {
      throw new IllegalArgumentException(line);
    }
    return new CopyState(
        Integer.parseInt(fields[0]),
        Integer.parseInt(fields[1]),
        Long.parseLong(fields[2]),
        fields[3].equals("-") ? "" : fields[3],
        fields[4]);
  }
}
