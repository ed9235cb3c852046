package dev.stream.core.shadow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who writes: a random number in the file {@code writer} of the shadow directory, along with which
 * directory that is on its disk. A copy of the directory is another one, and gets a number of its
 * own: or two Streams would take what the other stored for theirs.
 *
 * @param id 32 lower-case hex digits
 * @param copied whether the directory is a copy of one that had another number
 */
public record WriterId(String id, boolean copied) {

  private static final String NAME = "writer";
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

  /** That of a shadow directory, which may be a new one. */
  public static WriterId of(ShadowDirectory directory) throws IOException {
    String here = place(directory.root());
    boolean known = false;
    try {
      List<String> lines = Files.readAllLines(directory.root().resolve(NAME));
      known = lines.size() >= 2 && FORM.matcher(lines.get(0)).matches();
      if (known && lines.get(1).equals(here)) {
        return new WriterId(lines.get(0), false);
      }
    } catch (NoSuchFileException e) {
      // a new directory
    }
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String id = HexFormat.of().formatHex(random);
    directory.note(NAME, id + "\n" + here + "\n");
    return new WriterId(id, known);
  }

  /** Which folder it is on its disk, wherever that is mounted; empty where that is not told. */
  private static String place(Path folder) throws IOException {
    return folder.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? String.valueOf(Files.getAttribute(folder, "unix:ino"))
        : "";
  }
}
