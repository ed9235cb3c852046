package dev.stream.api.database;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in the opening of a database that is written in this JVM, from before its file is
 * opened until after its last write: it may put the file in place first, begins capture before the
 * first write, and ends it when the database closes. This is what a database's open options, or the
 * source's registry, take.
 *
 * <p>Called by whichever thread opens or closes the database, one call at a time.
 */
public interface OpenObserver {

  /** The database file this is meant for. */
  Path path();

  /**
   * The file is about to be opened, and nobody has it open. It may be put in place or replaced now.
   *
   * @param provider knows the file's format
   * @param defect what is wrong with the file that is there, as a clause; null if it is sound or
   *     missing
   * @throws IOException if the database must not be opened, with what to do about it
   */
  void opening(PagedDatabaseProvider<?> provider, @Nullable String defect) throws IOException;

  /**
   * The file is open and nothing was written: begins capture. Also called, without {@link #opening}
   * before it, when the observer is registered with a database that is already open; commits may
   * then go on meanwhile.
   *
   * @param database not started; the observer starts it, and closes it also if that fails
   * @return ends capture when closed, which is done once: before the database's file is closed, or
   *     when the observer is taken off the registry
   * @throws IOException if capture cannot begin; the database is then not opened
   */
  AutoCloseable opened(PagedDatabase database) throws IOException;
}
