package dev.stream.api.replica;

import java.util.Map;
import java.util.Set;

/**
 * How replicas of one type are named by URLs, such as {@code sftp://user@host/folder?keyPath=key},
 * for commands without a configuration. A URL says what a section of the configuration would say:
 * the plug-in makes keys and texts of its address, Stream adds those of the query, and then reads
 * both as it reads a configuration, with the same defaults, {@code ${NAME}}, checks and messages.
 * Implementations are safe for use by several threads.
 */
public interface ReplicaUrls {

  /**
   * The schemes, in lower case; at least one. The provider's type is the one to begin with. Of two
   * plug-ins with the same scheme neither is used.
   */
  Set<String> schemes();

  /** Such a URL in general, for help and errors: {@code sftp://USER@HOST/FOLDER?keyPath=FILE}. */
  String example();

  /**
   * What to do instead of writing a password into the URL, which every user of the machine may
   * read: one sentence that begins with a capital letter and has no full stop, such as {@code Name
   * the key with ?keyPath=FILE}. A key of the configuration that is marked as a secret may be set
   * in the query if its value is {@code ${NAME}}.
   */
  String credentials();

  /**
   * The keys of the configuration that the address of a URL sets, with their values as texts;
   * numbers too, and paths as they are written. None of those in {@link ReplicaUrl#keys()}, and no
   * secret. What nobody sets has the configuration's default.
   *
   * @throws IllegalArgumentException if the address is not one; the message quotes no part of it
   */
  Map<String, String> settings(ReplicaUrl url);
}
