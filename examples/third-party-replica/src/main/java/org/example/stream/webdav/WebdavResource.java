package org.example.stream.webdav;

import java.time.Instant;

/**
 * What a server says of a file or a collection.
 *
 * @param path decoded, as the server names it
 * @param size in bytes; 0 for a collection
 */
record WebdavResource(String path, boolean isCollection, long size, Instant modifiedAt) {

  /** The last part of the path. */
  String name() {
    String plain = path.replaceFirst("/$", "");
    return plain.substring(plain.lastIndexOf('/') + 1);
  }
}
