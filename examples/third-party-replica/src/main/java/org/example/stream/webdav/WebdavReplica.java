package org.example.stream.webdav;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.support.FailureCollection;
import dev.stream.api.replica.support.FolderListing;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A replica on a WebDAV server; see the package. */
final class WebdavReplica implements Replica {

  private final WebdavClient client;
  private final WebdavCollections collections;
  private final WebdavStaging staging;
  private final WebdavDownload download;
  private final AtomicBoolean cleaned = new AtomicBoolean();

  WebdavReplica(WebdavClient client) {
    this.client = client;
    this.collections = new WebdavCollections(client);
    this.staging = new WebdavStaging(client);
    this.download = new WebdavDownload(client);
  }

  @Override
  public String name() {
    return client.name();
  }

  /** Gives an object that is whole on the server its name. */
  private interface Publication {
    ObjectInfo publish(String staged, WebdavResource whole, String doing) throws IOException;
  }

  @Override
  public ObjectInfo put(ObjectKey key, ObjectBody body) throws IOException {
    return store(
        key,
        body,
        "store " + key,
        (staged, whole, doing) -> publish(key, body, staged, whole, doing));
  }

  /**
   * A MOVE that must not overwrite. The server looks and then moves: whether two at once can both
   * succeed depends on it, so {@link #createsExclusively} promises nothing.
   */
  @Override
  public ObjectInfo create(ObjectKey key, ObjectBody body) throws IOException {
    return store(
        key,
        body,
        "create " + key,
        (staged, whole, doing) ->
            moveToNew(key, staged, whole, doing).orElseThrow(() -> client.failures().exists(key)));
  }

  private ObjectInfo store(ObjectKey key, ObjectBody body, String doing, Publication publication)
      throws IOException {
    String staged = WebdavStaging.newPath();
    try {
      collections.makeAbove(staged, doing);
      WebdavResource whole = staging.stage(staged, body, key, doing);
      if (!cleaned.getAndSet(true)) {
        staging.removeStale(whole.modifiedAt());
      }
      collections.makeAbove(key.value(), doing);
      return publication.publish(staged, whole, doing);
    } catch (IOException | RuntimeException e) {
      // Somebody may have removed collections, and what a killed process left may fill the server.
      collections.forget();
      cleaned.set(false);
      staging.discard(staged, e);
      throw e;
    }
  }

  /** Moves what is whole to a name of its own; empty if there is an object of that name. */
  private Optional<ObjectInfo> moveToNew(
      ObjectKey key, String staged, WebdavResource whole, String doing) throws IOException {
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
      ObjectKey key, ObjectBody body, String staged, WebdavResource whole, String doing)
      throws IOException {
    Optional<ObjectInfo> moved = moveToNew(key, staged, whole, doing);
    if (moved.isPresent()) {
      return moved.get();
    }
    staging.upload(key.value(), body, key, doing);
    staging.discard(staged, null);
    // Somebody may have replaced or deleted it since.
    Optional<WebdavResource> found = client.find(key.value(), doing);
    WebdavResource stored = found.filter(each -> each.size() == whole.size()).orElse(whole);
    return new ObjectInfo(key, stored.size(), stored.modifiedAt());
  }

  @Override
  public InputStream open(ObjectKey key, long offset, long length) throws IOException {
    String doing = "read " + key;
    boolean bounded = length <= Long.MAX_VALUE - offset;
    String range = "bytes=" + offset + "-" + (bounded ? offset + length - 1 : "");
    HttpResponse<InputStream> response = download.begin(key.value(), range, doing);
    for (Attempts attempts = new Attempts(); !isReadable(response); ) {
      response.body().close();
      requireFile(key, response.statusCode(), doing);
      // Apache answers 403 of a file just deleted, and this one may have been stored anew since.
      if (response.statusCode() != 403 || !attempts.again(doing)) {
        throw client.failures().answered(doing, response.statusCode());
      }
      response = download.begin(key.value(), range, doing);
    }
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
      case 416 -> {
        content.close();
        return InputStream.nullInputStream();
      }
      default -> {
        // The server knows no ranges, or there is nothing to take one of.
        return skip(response, offset, length, doing);
      }
    }
  }

  private static boolean isReadable(HttpResponse<?> response) {
    return Set.of(200, 206, 416).contains(response.statusCode());
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
  private void requireFile(ObjectKey key, int status, String doing) throws IOException {
    Optional<WebdavResource> found =
        status == 404 ? Optional.empty() : client.find(key.value(), doing);
    if (found.isEmpty() || found.get().isCollection()) {
      throw client.failures().absent(key);
    }
  }

  @Override
  public ObjectListing list(String prefix) throws IOException {
    // Nothing beside the deepest collection that the prefix names can match.
    String start = prefix.substring(0, prefix.lastIndexOf('/') + 1);
    return new FolderListing(
        new CollectionReader(client, start, "list '" + prefix + "'"), prefix, start);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws IOException {
    FailureCollection failures = new FailureCollection();
    for (ObjectKey key : keys) {
      try {
        delete(key);
      } catch (ReplicaException e) {
        failures.add(e);
      }
    }
    failures.rethrow();
  }

  private void delete(ObjectKey key) throws IOException {
    String doing = "delete " + key;
    Attempts attempts = new Attempts();
    while (true) {
      Optional<WebdavResource> found = client.find(key.value(), doing);
      // A collection would be deleted with everything in it.
      if (found.isEmpty() || found.get().isCollection()) {
        return;
      }
      int status = client.delete(key.value(), doing);
      if (status / 100 == 2 || status == 404) {
        return;
      }
      // Apache answers 403 when somebody else was quicker, who may have stored it anew since.
      boolean again = status == 403 && attempts.again(doing);
      if (!again && client.find(key.value(), doing).isPresent()) {
        throw client.failures().answered(doing, status);
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
