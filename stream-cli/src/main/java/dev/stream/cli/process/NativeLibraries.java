package dev.stream.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries that the distribution holds unpacked. Without them each start would unpack
 * them into the folder for temporary files. That folder may forbid programs, and a process that is
 * killed would leave a megabyte there each time.
 */
public final class NativeLibraries {

  private NativeLibraries() {}

  /** Has the libraries used that fit this machine. What the user sets with {@code -D} is kept. */
  public static void use() {
    String launcher = System.getProperty("stream.launcher");
    Path home = launcher == null ? null : Path.of(launcher).getParent();
    Path folder = home == null ? null : home.resolveSibling("native");
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean linux = "Linux".equals(System.getProperty("os.name"));
    if (folder == null || !linux || !Files.isDirectory(folder)) {
      return;
    }
    try {
      sqlite(folder, arch);
      zstd(folder, arch);
    } catch (IOException | UncheckedIOException e) {
      // The libraries then unpack themselves, as without a distribution.
    }
  }

  private static void sqlite(Path folder, String arch) throws IOException {
    String system = isMusl() ? "Linux-Musl" : "Linux";
    Path library =
        folder.resolve("org/sqlite/native").resolve(system).resolve(named(arch, "x86_64"));
    if (Files.isRegularFile(library.resolve("libsqlitejdbc.so"))) {
      set("org.sqlite.lib.path", library.toString());
    }
  }

  private static void zstd(Path folder, String arch) throws IOException {
    Path place = folder.resolve("linux").resolve(named(arch, "amd64"));
    if (!Files.isDirectory(place)) {
      return;
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(place, "libzstd-jni-*.so")) {
      for (Path library : found) {
        set("ZstdNativePath", library.toString());
      }
    }
  }

  private static String named(String arch, String intel) {
    return arch.equals("amd64") || arch.equals("x86_64") ? intel : arch;
  }

  /** Which C library this JVM itself runs with. */
  private static boolean isMusl() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.anyMatch(line -> line.contains("/ld-musl-"));
    }
  }

  private static void set(String key, @Nullable String value) {
    if (System.getProperty(key) == null && value != null) {
      System.setProperty(key, value);
    }
  }
}
