package org.example.stream.webdav;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * Asks for a file and makes certain that what comes is one file, at the price of a HEAD for every
 * GET.
 *
 * <p>Apache takes size, date and ETag from a look at the file before it opens it. If a PUT replaces
 * the file in between, the answer is the new file's beginning, cut off at the former one's size:
 * nothing in it is wrong by itself, only its ETag is that of the former file. When the answer's
 * head has come, the file is open, so an ETag that is still the file's then is that of the bytes. A
 * server without ETags is believed.
 */
final class WebdavDownload {

  /**
   * A replacement costs an attempt also if it comes just before the HEAD: of a file that is
   * replaced without a pause, every third attempt or so.
   */
  private static final int ATTEMPTS = 20;

  private final WebdavClient client;

  WebdavDownload(WebdavClient client) {
    this.client = client;
  }

  /** The answer to a GET, or to the HEAD if that did not succeed. The caller closes the body. */
  HttpResponse<InputStream> begin(String path, String range, String doing) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      HttpResponse<InputStream> response = client.get(path, range, doing);
      Optional<String> tag = tag(response);
      if (response.statusCode() / 100 != 2 || tag.isEmpty()) {
        return response;
      }
      HttpResponse<InputStream> now;
      try {
        now = client.head(path, doing);
      } catch (IOException | RuntimeException e) {
        response.body().close();
        throw e;
      }
      if (now.statusCode() / 100 != 2) {
        response.body().close();
        return now;
      }
      now.body().close();
      if (tag(now).isEmpty() || tag(now).equals(tag)) {
        return response;
      }
      response.body().close();
    }
    String changed =
        "its ETag changed during each of "
            + ATTEMPTS
            + " attempts; see who keeps replacing it, or whether the server's GET and HEAD differ";
    throw client.failures().unanswered(doing, new IOException(changed));
  }

  /** Apache calls a young file's ETag weak, and no longer so a second later. */
  private static Optional<String> tag(HttpResponse<?> response) {
    return response.headers().firstValue("ETag").map(tag -> tag.replaceFirst("^W/", ""));
  }
}
