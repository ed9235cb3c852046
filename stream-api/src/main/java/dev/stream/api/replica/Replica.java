package dev.stream.api.replica;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A store of immutable objects.
 *
 * <p>Implementations must be safe for use by several threads at once. Failures must be reported as
 * {@link ReplicaException} with the reason that fits; any other {@code IOException} is taken as
 * {@link ReplicaException.Reason#UNAVAILABLE}. An implementation must not retry on its own beyond
 * what its client library does within one request: the core retries, in one place.
 *
 * <p>Messages must say what failed and on which object, and must never show a secret.
 */
public interface Replica extends AutoCloseable {

  /** A stable name for logs and metrics, free of secrets, such as {@code file:/backups}. */
  String name();

  /**
   * Stores an object, replacing one of the same key.
   *
   * <p>When this returns, the object must be durable and visible to {@link #open} and {@link
   * #list}. It must become visible whole or not at all: no reader may ever see a part of it, also
   * when this process is killed half-way. The body may be opened more than once. A body that fails,
   * or that yields another number of bytes than {@link ObjectBody#size}, must fail the call and
   * leave nothing visible; an earlier object of that key must then be untouched.
   *
   * @return what a listing would say of the object; where a store does not tell at once when it
   *     stored the object, {@code modifiedAt} may differ by as long as the request took and clocks
   *     are rounded, rather than cost another request
   * @throws ReplicaException if the object could not be stored
   */
  ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException;

  /**
   * Stores an object only if there is none of that key yet; otherwise as {@link #put}. What is
   * there stays as it is.
   *
   * <p>After a failure of another reason than {@link ReplicaException.Reason#CONFLICT} the object
   * may be there even so, stored by this very call: whoever tries again reads what is there to tell
   * its own.
   *
   * <p>By default this looks whether the key is listed and then puts, which is not safe against
   * another writer at the same moment; see {@link #createsExclusively}.
   *
   * @return as {@link #put} does
   * @throws ReplicaException as a conflict if there is an object of that key; also as {@link #put}
   *     does, which knows other conflicts
   */
  default ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    try (ObjectListing listing = list(key.value())) {
      // The key itself comes before all that it is a prefix of.
      if (listing.hasNext() && listing.next().key().equals(key)) {
        throw new ReplicaException(
            ReplicaException.Reason.CONFLICT,
            "cannot create " + key + " in " + name() + ": there is one already");
      }
    }
    return put(key, body);
  }

  /**
   * Whether of several writers that {@link #create} the same object, in any process, at most one
   * succeeds. A store of which that depends on the server says so only once a {@code create} has
   * shown it; so ask afterwards. Does not ask the store, and does not wait.
   */
  default boolean createsExclusively() {
    return false;
  }

  /**
   * Opens a range of an object. The caller closes the stream, possibly before its end.
   *
   * @param offset first byte, from 0; at or past the end of the object the stream is empty
   * @param length number of bytes, at least 1; the stream ends early where the object does
   * @throws ReplicaException with {@link ReplicaException.Reason#NOT_FOUND} if there is no such
   *     object
   */
  InputStream open(ObjectKey key, long offset, long length) throws IOException;

  /**
   * Lists the objects whose key starts with {@code prefix}, in ascending order of the key's
   * characters. Every object whose {@link #put} returned before this call must be listed, objects
   * that are not whole must not. A store that does not exist yet lists nothing.
   *
   * @param prefix a plain string prefix, not a folder; empty lists everything
   */
  ObjectListing list(String prefix) throws IOException;

  /**
   * Removes objects. An absent object counts as removed; the call may be repeated. If any object
   * could not be removed the call must fail after trying the others.
   */
  void delete(Collection<ObjectKey> keys) throws IOException;

  /**
   * Says whose objects are stored here. A replica on a file system of this machine must let nobody
   * read them who may not read that file, now or later; folders that are there already keep their
   * rights. By default does nothing, as is right for a store with rights of its own.
   *
   * @param database the database file; it may be missing
   */
  default void protectLike(Path database) {}

  /**
   * What somebody should know of how the store is set up, though everything works: such as that it
   * keeps what is deleted. Asked by {@code stream check} only, so it may ask the store. What these
   * credentials may not ask is left out; it is no reason to fail. By default nothing.
   *
   * @return sentences for people that name no secret, without a period at their ends
   * @throws ReplicaException if the store does not answer; the check then goes without
   */
  default List<String> warnings() throws IOException {
    return List.of();
  }

  /** Releases connections and threads. Operations under way may fail. Repeatable. */
  @Override
  void close() throws IOException;
}
