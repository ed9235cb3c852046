package org.example.stream.webdav;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A replica on a WebDAV server; see the package. */
final class WebdavReplica implements Replica {

  private final WebdavClient client;
  private final Collections collections;
  private final Staging staging;
  private final Download download;
  private final AtomicBoolean cleaned = new AtomicBoolean();

  WebdavReplica(WebdavClient client) {
    this.client = client;
    this.collections = new Collections(client);
    this.staging = new Staging(client);
    this.download = new Download(client);
  }

  @Override
  public String name() {
    return client.name();
  }

  /** Gives an object that is whole on the server its name. */
  private interface Publication {
    ObjectInfo publish(ObjectKey key, String staged, Resource whole, String doing)
        throws IOException;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return store(
        key,
        body,
        "store " + key,
        (name, staged, whole, doing) -> publish(name, body, staged, whole, doing));
  }

  /**
   * A MOVE that must not overwrite. The server looks and then moves: whether two at once can both
   * succeed depends on it, so {@link #createsExclusively} promises nothing.
   */
  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return store(key, body, "create " + key, this::publishNew);
  }

  private ObjectInfo store(ObjectKey key, ObjectBody body, String doing, Publication publication)
      throws IOException {
    String staged = Staging.newPath();
    try {
      collections.makeAbove(staged, doing);
      Resource whole = staging.stage(staged, body, doing);
      if (!cleaned.getAndSet(true)) {
        staging.removeStale(whole.modifiedAt());
      }
      collections.makeAbove(key.value(), doing);
      return publication.publish(key, staged, whole, doing);
    } catch (IOException | RuntimeException e) {
      // Somebody may have removed collections, and what a killed process left may fill the server.
      collections.forget();
      cleaned.set(false);
      staging.discard(staged, e);
      throw e;
    }
  }

  private ObjectInfo publishNew(ObjectKey key, String staged, Resource whole, String doing)
      throws IOException {
    return moveToNew(key, staged, whole, doing)
        .orElseThrow(
            () ->
                new ReplicaException(
                    Reason.CONFLICT,
                    "cannot " + doing + " in " + name() + ": there is one already"));
  }

  /** Moves what is whole to a name of its own; empty if there is an object of that name. */
  private Optional<ObjectInfo> moveToNew(
      ObjectKey key, String staged, Resource whole, String doing) throws IOException {
    int status = client.moveToNew(staged, key.value(), doing);
    return switch (status) {
      case 201, 204 -> Optional.of(new ObjectInfo(key, whole.size(), whole.modifiedAt()));
      case 412 -> Optional.empty();
      default -> throw client.failures().answered(doing, status == 404 ? 409 : status);
    };
  }

  /**
   * Moves what is whole into its place. An object that is replaced, which is rare, is uploaded once
   * more: a MOVE that overwrites deletes the former object first, so that for a moment, or for good
   * if the server dies, there would be none; a PUT leaves it until its successor is whole.
   */
  private ObjectInfo publish(
      ObjectKey key, ObjectBody body, String staged, Resource whole, String doing)
      throws IOException {
    Optional<ObjectInfo> moved = moveToNew(key, staged, whole, doing);
    if (moved.isPresent()) {
      return moved.get();
    }
    staging.upload(key.value(), body, doing);
    staging.discard(staged, null);
    // Somebody may have replaced or deleted it since.
    Optional<Resource> found = client.find(key.value(), doing);
    Resource stored = found.filter(each -> each.size() == whole.size()).orElse(whole);
    return new ObjectInfo(key, stored.size(), stored.modifiedAt());
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    String doing = "read " + key;
    boolean bounded = length <= Long.MAX_VALUE - offset;
    String range = "bytes=" + offset + "-" + (bounded ? offset + length - 1 : "");
    HttpResponse<InputStream> response = download.begin(key.value(), range, doing);
    InputStream content = client.body(response, length, doing);
    switch (response.statusCode()) {
      case 206 -> {
        String found = response.headers().firstValue("Content-Range").orElse("nothing");
        if (!found.startsWith("bytes " + offset + "-")) {
          content.close();
          throw client.failures().misunderstood(doing, "sent " + found + " for " + range);
        }
        return content;
      }
      case 200 -> {
        // The server knows no ranges, or there is nothing to take one of.
        return skip(response, offset, length, doing);
      }
      case 416 -> {
        content.close();
        return InputStream.nullInputStream();
      }
      default -> {
        content.close();
        throw unreadable(key, response.statusCode(), doing);
      }
    }
  }

  private InputStream skip(
      HttpResponse<InputStream> response, long offset, long length, String doing)
      throws IOException {
    InputStream skipped = client.body(response, offset, doing);
    try {
      skipped.skipNBytes(offset);
      return client.body(response, length, doing);
    } catch (EOFException e) {
      skipped.close();
      return InputStream.nullInputStream();
    } catch (IOException e) {
      skipped.close();
      throw e;
    }
  }

  /** Other answers than 404 may mean the same: for a collection, or for a file just deleted. */
  private ReplicaException unreadable(ObjectKey key, int status, String doing) throws IOException {
    Optional<Resource> found = status == 404 ? Optional.empty() : client.find(key.value(), doing);
    if (found.isPresent() && !found.get().isCollection()) {
      return client.failures().answered(doing, status);
    }
    return new ReplicaException(Reason.NOT_FOUND, "no object " + key + " in " + name());
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    return new CollectionListing(client, prefix);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    @Nullable ReplicaException failure = null;
    for (ObjectKey key : keys) {
      try {
        delete(key);
      } catch (ReplicaException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void delete(ObjectKey key) throws IOException {
    String doing = "delete " + key;
    Optional<Resource> found = client.find(key.value(), doing);
    // A collection would be deleted with everything in it.
    if (found.isEmpty() || found.get().isCollection()) {
      return;
    }
    int status = client.delete(key.value(), doing);
    boolean deleted = status / 100 == 2 || status == 404;
    // Apache answers 403 when somebody else was quicker.
    if (!deleted && client.find(key.value(), doing).isPresent()) {
      throw client.failures().answered(doing, status);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
