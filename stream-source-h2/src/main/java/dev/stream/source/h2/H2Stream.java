package dev.stream.source.h2;

import dev.stream.api.database.OpenObserver;
import java.io.IOException;
import org.h2.store.fs.FilePath;

/**
 * Observes H2 databases and MVStores that this JVM opens under the scheme {@code stream:}, such as
 * {@code jdbc:h2:stream:/data/app} or {@code MVStore.Builder().fileName("stream:/data/store.mv")}.
 *
 * <pre>{@code
 * try (H2Registration stream = H2Stream.register(Observer.of(config));
 *     Connection connection =
 *         DriverManager.getConnection("jdbc:h2:stream:/data/app;WRITE_DELAY=0")) {
 *   // every commit that has returned is in the shadow log
 * }
 * }</pre>
 *
 * <p>What H2 writes is captured before it reaches the file, in the thread that writes. A commit is
 * therefore in the shadow log when H2 has written it: with {@code WRITE_DELAY=0}, and after {@code
 * MVStore.commit()}, that is when the commit returns; with H2's default up to half a second later,
 * as it is with the file itself.
 *
 * <p>The scheme is that of H2's file system on disk otherwise: content, locks, compaction, and what
 * a crash leaves are the same. Other files of H2 (temporary, trace, compaction) are not observed.
 * All methods are safe for use by several threads.
 */
public final class H2Stream {

  static {
    FilePath.register(new StreamFilePath());
  }

  private H2Stream() {}

  /**
   * Makes H2 know the scheme, which {@link #register} does too: for an application that opens its
   * database under {@code stream:} first and begins to observe it later.
   */
  public static void install() {
    // The class was initialised to get here.
  }

  /**
   * Has a store observed whenever it is opened under {@code stream:}. If its file is missing the
   * observer may restore it, now and before each opening; also before an opening if H2 cannot open
   * the file as it is. Capture begins once H2 has locked the file, before anything is written; it
   * ends when H2 closes the file. If the store is open already, capture begins now and commits go
   * on meanwhile. A store may have several observers.
   *
   * @param observer its {@link OpenObserver#path()} names the store's file; for an H2 database that
   *     is the name in its URL with {@code .mv.db}
   * @return closing it takes the observer off
   * @throws IOException if the store is missing and the observer cannot restore it though it
   *     should, or if the store is open and the observer cannot begin to capture it
   */
  public static H2Registration register(OpenObserver observer) throws IOException {
    StoreFile file = StoreFiles.use(observer.path());
    try {
      return file.register(observer);
    } catch (IOException | RuntimeException e) {
      StoreFiles.release(file);
      throw e;
    }
  }
}
