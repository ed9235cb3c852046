package org.example.stream.webdav;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes the collections that files need above them, each once. Thread-safe. */
final class WebdavCollections {

  private final WebdavClient client;
  private final Set<String> made = ConcurrentHashMap.newKeySet();

  WebdavCollections(WebdavClient client) {
    this.client = client;
  }

  /** Makes what is missing, from the replica's own collection down to the one above the path. */
  void makeAbove(String path, String doing) throws IOException {
    make("", doing);
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      make(path.substring(0, slash + 1), doing);
    }
  }

  private void make(String path, String doing) throws IOException {
    if (made.contains(path)) {
      return;
    }
    int status = client.makeCollection(path, doing);
    if (status == 409 && path.isEmpty()) {
      throw client
          .failures()
          .misunderstood(doing, "has no collection above the url (409); create that first");
    }
    // A server should say 405 if there is one already. Apache says 403 to who loses a race for it.
    if (status != 201
        && !client.find(path, doing).map(WebdavResource::isCollection).orElse(false)) {
      throw client.failures().answered(doing, status);
    }
    made.add(path);
  }

  /** Forgets what was made, because something may have been removed. */
  void forget() {
    made.clear();
  }
}
