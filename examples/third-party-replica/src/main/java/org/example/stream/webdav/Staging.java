package org.example.stream.webdav;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where files are that are not objects yet. Thread-safe. */
final class Staging {

  /** The tilde keeps it from being a part of a key. */
  private static final String FOLDER = ".staging~/";

  /** Nobody uploads for so long without a byte arriving. */
  private static final Duration STALE = Duration.ofDays(1);

  private final WebdavClient client;

  Staging(WebdavClient client) {
    this.client = client;
  }

  /** Short whatever the key is: a file system's names end at 255 bytes. */
  static String newPath() {
    return FOLDER + UUID.randomUUID();
  }

  /** Uploads the whole content and returns what the server says of it. */
  Resource stage(String path, ObjectBody body, String doing) throws IOException {
    upload(path, body, doing);
    // A server that is out of space or patience may keep a part of it and say nothing.
    Resource stored = client.find(path, doing).orElse(null);
    if (stored == null || stored.size() != body.size()) {
      String has = stored == null ? "none" : stored.size() + " bytes";
      IOException lost = new IOException("of " + body.size() + " bytes the server has " + has);
      throw client.failures().unanswered(doing, lost);
    }
    return stored;
  }

  /** Uploads the whole content to a path. */
  void upload(String path, ObjectBody body, String doing) throws IOException {
    long size = body.size();
    try (InputStream content = open(body, doing)) {
      ExactBody exact = new ExactBody(content, size);
      int status;
      try {
        if (size == 0) {
          exact.read();
        }
        status = client.put(path, exact, size, doing);
      } catch (IOException e) {
        throw cause(exact, doing, e);
      }
      if (status / 100 != 2) {
        throw client.failures().answered(doing, status);
      }
    }
  }

  private InputStream open(ObjectBody body, String doing) throws IOException {
    try {
      return body.open();
    } catch (IOException e) {
      throw client
          .failures()
          .body(Reason.UNAVAILABLE, doing, "its content cannot be read: " + e, e);
    }
  }

  /** Told apart from the server's own failures, which are about another machine. */
  private IOException cause(ExactBody body, String doing, IOException failure) {
    @Nullable Exception own = body.failure();
    if (own == null) {
      return failure;
    }
    if (own instanceof ExactBody.WrongSize) {
      return client.failures().body(Reason.REJECTED, doing, own.getMessage(), failure);
    }
    String what = "its content cannot be read: " + own;
    return client.failures().body(Reason.UNAVAILABLE, doing, what, failure);
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
      for (Resource file : client.children(FOLDER, "clean up " + FOLDER)) {
        if (file.modifiedAt().isBefore(nowOnServer.minus(STALE))) {
          String name = file.path().substring(file.path().lastIndexOf('/') + 1);
          client.delete(FOLDER + name, "clean up " + FOLDER);
        }
      }
    } catch (IOException e) {
      // Costs space, not objects: no reason to refuse the one that is being stored.
    }
  }
}
