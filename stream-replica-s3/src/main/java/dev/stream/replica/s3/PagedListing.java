package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import io.minio.messages.Contents;
import io.minio.messages.ListBucketResultV2;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Asks for page after page. */
final class PagedListing implements ObjectListing {

  private final SignedClient client;
  private final String prefix;
  private Iterator<Contents> page = Collections.emptyIterator();
  private boolean urlEncoded;
  private @Nullable String continuation = "";
  private @Nullable ObjectKey last;
  private @Nullable ObjectInfo next;

  /** A listing, whose first page is there when this returns. */
  PagedListing(SignedClient client, String prefix) throws IOException {
    this.client = client;
    this.prefix = prefix;
    if (!isKey(prefix) && !isKey(prefix + "x")) {
      // No key starts like this, and servers refuse some such prefixes.
      continuation = null;
    }
    hasNext();
  }

  private static boolean isKey(String text) {
    try {
      return !new ObjectKey(text).value().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What the server is asked for: MinIO refuses a prefix that ends with a part {@code .}. */
  private static String asked(String prefix) {
    int part = prefix.lastIndexOf('/') + 1;
    String last = prefix.substring(part);
    return last.equals(".") || last.equals("..") ? prefix.substring(0, part) : prefix;
  }

  @Override
  public boolean hasNext() throws IOException {
    while (next == null) {
      if (page.hasNext()) {
        next = ours(page.next());
      } else if (continuation == null) {
        return false;
      } else {
        fetch(continuation);
      }
    }
    return true;
  }

  @Override
  public ObjectInfo next() throws IOException {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException("the listing is at its end");
    }
    ObjectInfo found = next;
    next = null;
    return found;
  }

  private void fetch(String token) throws IOException {
    String doing = "list '" + prefix + "'";
    Call call =
        Call.of("GET", null)
            .query("list-type", "2")
            .query("encoding-type", "url")
            .query("prefix", client.place().prefix() + asked(prefix));
    if (!token.isEmpty()) {
      call = call.query("continuation-token", token);
    }
    try {
      ListBucketResultV2 result = XmlBody.read(client.send(call), ListBucketResultV2.class);
      urlEncoded = "url".equals(result.encodingType());
      page = result.contents().iterator();
      continuation = result.isTruncated() ? result.nextContinuationToken() : null;
      if (result.isTruncated() && token.equals(continuation)) {
        throw new IOException("the server repeats a page of the listing");
      }
    } catch (IOException e) {
      throw client.failures().typed(doing, e);
    }
  }

  /** The object as this replica sees it; null if it is none that a replica stores. */
  private @Nullable ObjectInfo ours(Contents found) throws ReplicaException {
    String name = found.objectName();
    if (urlEncoded) {
      name = URLDecoder.decode(name, StandardCharsets.UTF_8);
    }
    String start = client.place().prefix();
    if (!name.startsWith(start + prefix)) {
      return null;
    }
    ObjectKey key;
    try {
      key = new ObjectKey(name.substring(start.length()));
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (key.equals(last)) {
      throw new ReplicaException(
          Reason.REJECTED,
          "cannot list '"
              + prefix
              + "' in "
              + client.place()
              + ": the server lists "
              + key
              + " twice");
    }
    last = key;
    ZonedDateTime modified = found.lastModified();
    return new ObjectInfo(
        key, found.size(), modified == null ? Instant.EPOCH : modified.toInstant());
  }

  @Override
  public void close() {
    continuation = null;
    next = null;
    page = Collections.emptyIterator();
  }
}
