package dev.stream.source.sqlite;

import dev.stream.api.file.Folders;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A small file beside a followed copy: the states that the copy may be in. It names the old state
 * and the new one before the copy changes; which of them it is, the change counter in the copy
 * tells. So no moment exists at which a kill leaves the copy in a state that nobody knows.
 */
final class CopyLedger {

  private static final String TITLE = "stream follow 1";

  private final Path file;
  private final Path staging;

  CopyLedger(Path copy) {
    this.file = copy.resolveSibling(copy.getFileName() + ".stream-follow");
    this.staging = copy.resolveSibling("." + copy.getFileName() + ".stream-follow.new");
  }

  Path file() {
    return file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** What is noted; nothing if there is no ledger, or none that can be read. */
  List<CopyState> read() throws IOException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (java.nio.charset.CharacterCodingException e) {
      return List.of();
    }
    int end = text.lastIndexOf('\n', text.length() - 2) + 1;
    String[] lines = text.substring(0, end).split("\n", -1);
    if (!lines[0].equals(TITLE) || !text.substring(end).equals(checksum(text, end))) {
      return List.of();
    }
    List<CopyState> states = new ArrayList<>();
    try {
      for (int i = 1; i < lines.length - 1; i++) {
        states.add(CopyState.parse(lines[i]));
      }
    } catch (IllegalArgumentException e) {
      return List.of();
    }
    return states;
  }

  /** Notes the states, durably. */
  void write(List<CopyState> states) throws IOException {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    states.forEach(state -> text.append(state.line()).append('\n'));
    text.append(checksum(text.toString(), text.length()));
    // Not by a channel: a thread that is being interrupted would close that.
    try (RandomAccessFile out = new RandomAccessFile(staging.toFile(), "rw")) {
      out.setLength(0);
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
    Files.move(staging, file, StandardCopyOption.ATOMIC_MOVE);
    Folders.sync(Folders.of(file));
  }

  private static String checksum(String text, int end) {
    CRC32 crc = new CRC32();
    crc.update(text.substring(0, end).getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue()) + "\n";
  }
}
