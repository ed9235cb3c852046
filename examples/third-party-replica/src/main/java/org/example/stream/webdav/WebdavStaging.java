package org.example.stream.webdav;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.support.ExactBody;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where files are that are not objects yet. Thread-safe. */
final class WebdavStaging {

  /** The tilde keeps it from being a part of a key. */
  private static final String FOLDER = ".staging~/";

  /** Nobody uploads for so long without a byte arriving. */
  private static final Duration STALE = Duration.ofDays(1);

  private final WebdavClient client;

  WebdavStaging(WebdavClient client) {
    this.client = client;
  }

  /** The name is short, whatever the key is, for a file system's names end at 255 bytes. */
  static String newPath() {
    return FOLDER + UUID.randomUUID();
  }

  /** Uploads the whole content and returns what the server says of it. */
  WebdavResource stage(String path, ObjectBody body, ObjectKey key, String doing)
      throws IOException {
    upload(path, body, key, doing);
    // A server that is out of space or patience may keep a part of it and say nothing.
    WebdavResource stored = client.find(path, doing).orElse(null);
    if (stored == null || stored.size() != body.size()) {
      String has = stored == null ? "none" : stored.size() + " bytes";
      IOException lost = new IOException("of " + body.size() + " bytes the server has " + has);
      throw client.failures().unanswered(doing, lost);
    }
    return stored;
  }

  /** Uploads the whole content to a path. */
  void upload(String path, ObjectBody body, ObjectKey key, String doing) throws IOException {
    try (ExactBody content = ExactBody.open(key.value(), body)) {
      int status;
      try {
        status = client.put(path, content, body.size(), doing);
      } catch (IOException e) {
        // The client hides what failed in the content behind a failure of its request.
        throw content.failure() == null ? e : content.failure();
      }
      if (status / 100 != 2) {
        throw client.failures().answered(doing, status);
      }
    }
  }

  /** Removes a file as far as possible; a later put removes what stays. */
  void discard(String path, @Nullable Exception because) {
    try {
      client.delete(path, "discard " + path);
    } catch (IOException e) {
      if (because != null) {
        because.addSuppressed(e);
      }
    }
  }

  /** Removes what killed processes left, as far as possible. */
  void removeStale(Instant nowOnServer) {
    try {
      for (WebdavResource file : client.children(FOLDER, "clean up " + FOLDER)) {
        if (file.modifiedAt().isBefore(nowOnServer.minus(STALE))) {
          client.delete(FOLDER + file.name(), "clean up " + FOLDER);
        }
      }
    } catch (IOException e) {
      // What stays costs space, which is no reason to refuse the object that is being stored.
    }
  }
}
