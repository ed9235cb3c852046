package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.support.LookaheadListing;
import io.minio.messages.Contents;
import io.minio.messages.ListBucketResultV2;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Asks for page after page. */
final class PagedListing extends LookaheadListing {

  private final SignedClient client;
  private final String prefix;
  private Iterator<Contents> page = Collections.emptyIterator();
  private boolean urlEncoded;
  private @Nullable String continuation = "";
  private @Nullable ObjectKey last;

  /** A listing, whose first page is there when this returns. */
  PagedListing(SignedClient client, String prefix) throws IOException {
    this.client = client;
    this.prefix = prefix;
    if (!ObjectKey.isValid(prefix) && !ObjectKey.isValid(prefix + "x")) {
      // No key starts like this, and servers refuse some such prefixes.
      continuation = null;
    }
    hasNext();
  }

  /** What the server is asked for: MinIO refuses a prefix that ends with a part {@code .}. */
  private static String asked(String prefix) {
    int part = prefix.lastIndexOf('/') + 1;
    String last = prefix.substring(part);
    return last.equals(".") || last.equals("..") ? prefix.substring(0, part) : prefix;
  }

  @Override
  protected @Nullable ObjectInfo find() throws IOException {
    while (true) {
      if (page.hasNext()) {
        ObjectInfo found = ours(page.next());
        if (found != null) {
          return found;
        }
      } else if (continuation == null) {
        return null;
      } else {
        fetch(continuation);
      }
    }
  }

  private void fetch(String token) throws IOException {
    String doing = "list '" + prefix + "'";
    S3Request call =
        S3Request.of("GET", null)
            .query("list-type", "2")
            .query("encoding-type", "url")
            .query("prefix", client.location().prefix() + asked(prefix));
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
    String start = client.location().prefix();
    if (!name.startsWith(start + prefix) || !ObjectKey.isValid(name.substring(start.length()))) {
      return null;
    }
    ObjectKey key = new ObjectKey(name.substring(start.length()));
    if (key.equals(last)) {
      String why = "the server lists " + key + " twice";
      throw client.failures().rejected("list '" + prefix + "'", why, null);
    }
    last = key;
    ZonedDateTime modified = found.lastModified();
    return new ObjectInfo(
        key, found.size(), modified == null ? Instant.EPOCH : modified.toInstant());
  }
}
