package dev.stream.core.restore;

import dev.stream.api.file.Folders;
import dev.stream.core.retry.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What was at a target, and its companions beside it, while a restored file takes the target's
 * name: out of the way first, then deleted or kept, or put back if it did not come to that.
 */
final class ReplacedFiles {

  private record Moved(Path file, Path aside) {}

  private final Path target;
  private final List<Path> companions;
  private final @Nullable String keptSuffix;
  private final Deque<Moved> moved = new ArrayDeque<>();
  private @Nullable Path link;

  /**
   * What there is now.
   *
   * @param companions those that exist
   * @param keptSuffix it is kept under names that end with this; null to have it deleted
   */
  ReplacedFiles(Path target, List<Path> companions, @Nullable String keptSuffix) {
    this.target = target;
    this.companions = companions;
    this.keptSuffix = keptSuffix == null ? null : unused(target, companions, keptSuffix);
  }

  private static String unused(Path target, List<Path> companions, String suffix) {
    List<Path> all = new ArrayList<>(companions);
    all.add(target);
    String candidate = suffix;
    for (int i = 2; anyTaken(all, candidate); i++) {
      candidate = suffix + "-" + i;
    }
    return candidate;
  }

  private static boolean anyTaken(List<Path> files, String suffix) {
    return files.stream()
        .anyMatch(file -> Files.exists(kept(file, suffix), LinkOption.NOFOLLOW_LINKS));
  }

  private static Path kept(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + "." + suffix);
  }

  /**
   * Takes companions out of the way, and sees to it that a file to be kept has another name. Its
   * own name goes on to lead to it until its successor takes it, unless it has companions: a file
   * that has lost them could be taken for a sound but older database if we were killed now.
   */
  void makeWay() throws IOException {
    String suffix = keptSuffix;
    if (suffix != null && Files.exists(target)) {
      Path other = kept(target, suffix);
      if (!companions.isEmpty() || !linked(other)) {
        move(target, other);
      }
    }
    for (Path companion : companions) {
      move(companion, suffix == null ? hidden(companion) : kept(companion, suffix));
    }
    if (!moved.isEmpty() || link != null) {
      Folders.sync(Folders.of(target));
    }
  }

  private boolean linked(Path other) {
    try {
      link = Files.createLink(other, target);
      return true;
    } catch (UnsupportedOperationException | IOException e) {
      return false;
    }
  }

  private void move(Path file, Path aside) throws IOException {
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    moved.push(new Moved(file, aside));
  }

  private static Path hidden(Path file) {
    return file.resolveSibling(
        String.format(
            Locale.ROOT,
            ".%s.replaced-%08x",
            file.getFileName(),
            ThreadLocalRandom.current().nextInt()));
  }

  /** Makes everything as it was; what cannot be is told along with {@code failure}. */
  void putBack(IOException failure) {
    try {
      if (link != null) {
        Files.deleteIfExists(link);
      }
    } catch (IOException e) {
      failure.addSuppressed(new IOException(link + " is a second name of " + target, e));
    }
    for (Moved one : moved) {
      try {
        Files.move(one.aside(), one.file(), StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        failure.addSuppressed(
            new IOException("move " + one.aside() + " back to " + one.file() + " before use", e));
      }
    }
  }

  /** The successor is in place: deletes what is not to be kept. */
  void settle(List<String> warnings) {
    try {
      Folders.sync(Folders.of(target));
      for (Moved one : moved) {
        if (keptSuffix == null) {
          Files.deleteIfExists(one.aside());
        }
      }
    } catch (IOException e) {
      warnings.add(
          "the file is in place, but its folder could not be made durable or tidied: "
              + FailureText.of(e));
    }
    if (link != null) {
      warnings.add(whereItIs(target, link));
    }
    if (keptSuffix != null) {
      moved
          .descendingIterator()
          .forEachRemaining(m -> warnings.add(whereItIs(m.file(), m.aside())));
    }
  }

  private static String whereItIs(Path file, Path kept) {
    return "the former " + file + " is kept as " + kept + "; delete it when it does not matter";
  }
}
