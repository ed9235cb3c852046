package dev.stream.api.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens databases of one type, and knows their files; found with {@link java.util.ServiceLoader}.
 *
 * @param <C> a public record whose components are the configuration keys; its constructor validates
 *     them and throws {@link IllegalArgumentException} with a message that starts with the key
 */
public interface PagedDatabaseProvider<C> {

  /** The value of {@code "type"} in the configuration: {@code [a-z][a-z0-9-]*}. */
  String type();

  /** The configuration record. */
  Class<C> configType();

  /** The database file that a configuration names. Does no I/O. */
  Path path(C config);

  /**
   * Whether a file is one of this type, by the bytes with which the format begins; whether it is a
   * sound one is another question. Asked where nobody said what a file is, and before this process
   * has opened it. False, as by default, also for what cannot be told, such as an empty file.
   *
   * @throws IOException if it cannot be read
   */
  default boolean recognises(Path file) throws IOException {
    return false;
  }

  /**
   * Opens the database for capture.
   *
   * @throws IOException if it is missing, unreadable, of another format or encrypted, saying which
   */
  PagedDatabase open(C config) throws IOException;

  /**
   * Tries whether {@link #open} and the start of capture would succeed now, as far as that can be
   * told without changing anything. For a process that does not have the database open otherwise.
   * By default opens the database and closes it again.
   *
   * @return what an operator should know beforehand though nothing is refused; sentences
   * @throws IOException if it would be refused, for the same reason and in the same words
   */
  default List<String> rehearse(C config) throws IOException {
    open(config).close();
    return List.of();
  }

  /**
   * How the application that writes a database has it captured, if nobody else can: then the source
   * sits in its commit path. Checking and restoring the file takes no application.
   *
   * @return what to do in the application, as a sentence; null, as by default, if a database that
   *     others write can be opened for capture
   */
  default @Nullable String captureInProcess() {
    return null;
  }

  /**
   * The files beside a database file that change what it means, present or not: a restored file
   * must not find those of its predecessor.
   */
  List<Path> companions(Path file);

  /**
   * Checks that a restored file is a sound database; leaves the file's bytes and its folder as they
   * were.
   *
   * @param thorough whether to also check what takes long, such as indexes against their tables
   * @throws CheckImpossibleException if it cannot be looked over on this machine, for lack of
   *     something that is needed to do so; that says nothing about the file
   * @throws IOException if it is not, with what the engine said
   */
  void check(Path file, boolean thorough) throws IOException;

  /**
   * Asks a restored database a question in its own language, such as a SQL query, for a drill: it
   * shows that the content is what people expect. Leaves the file's bytes and its folder as they
   * were. A question that changes something is refused, and one that does not end is broken off.
   *
   * @param config the configuration of the database that the file is a copy of
   * @return the first value of the first row as a text; null if there is none
   * @throws UnsupportedOperationException as by default, if databases of this type take no
   *     questions, saying so
   * @throws IOException if it cannot be answered, with what the engine said
   */
  default @Nullable String query(C config, Path file, String question) throws IOException {
    throw new UnsupportedOperationException(
        "databases of type " + type() + " take no questions; leave out the assertions");
  }

  /**
   * A copy of a database of this type that is to be kept current for readers in other processes.
   * Null, as by default, if that cannot be done for this type.
   *
   * @param copy where the copy is, or is to be
   * @throws IOException if the place cannot be used
   */
  default @Nullable FollowedCopy follow(Path copy) throws IOException {
    return null;
  }
}
