package dev.stream.it.h2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.h2.mvstore.DataUtils;

/** The two header blocks of a store, and the one line with which each chunk begins. */
final class StoreHeader {

  private static final int BLOCK = 4096;

  private StoreHeader() {}

  /** The version of the chunk that begins here; negative if none does. */
  static long version(byte[] bytes, int at) {
    Map<String, String> line = line(bytes, at);
    return line.containsKey("chunk") && line.containsKey("root")
        ? Long.parseLong(line.getOrDefault("version", "-1"), 16)
        : -1;
  }

  /** The same bytes, with a header that leads to this chunk. */
  static byte[] pointingAt(int chunk, byte[] bytes) {
    byte[] mended = bytes.clone();
    if (chunk < 0) {
      return mended;
    }
    HashMap<String, String> header = new HashMap<>(line(bytes, 0));
    Map<String, String> newest = line(bytes, chunk);
    header.put("block", Integer.toHexString(chunk / BLOCK));
    header.put("chunk", newest.getOrDefault("chunk", ""));
    header.put("version", newest.getOrDefault("version", ""));
    header.remove("clean");
    header.remove("fletcher");
    StringBuilder text = new StringBuilder();
    DataUtils.appendMap(text, header);
    byte[] line = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    DataUtils.appendMap(text, "fletcher", DataUtils.getFletcher32(line, 0, line.length));
    line = text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
    for (int at = 0; at <= BLOCK; at += BLOCK) {
      Arrays.fill(mended, at, at + BLOCK, (byte) 0);
      System.arraycopy(line, 0, mended, at, line.length);
    }
    return mended;
  }

  /** Keys and values up to the end of the line; empty if this is no such line. */
  private static Map<String, String> line(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && end < at + BLOCK && bytes[end] != '\n') {
      end++;
    }
    Map<String, String> found = new HashMap<>();
    String text = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
    if (text.startsWith("H:") || text.startsWith("chunk:")) {
      for (String part : text.strip().split(",", -1)) {
        found.put(part.substring(0, part.indexOf(':')), part.substring(part.indexOf(':') + 1));
      }
    }
    return found;
  }
}
