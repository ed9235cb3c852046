package org.example.stream.webdav;

import dev.stream.api.replica.support.ExactBody;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Single requests to the server, none of them tried twice, except that a collection is listed again
 * if it has changed meanwhile. Paths are relative to the replica's
 * collection; as they consist of a key's characters, a URL holds them as they are. Thread-safe.
 */
final class WebdavClient {

  private static final int MULTI_STATUS = 207;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(15);

  /** An upload that is slower counts as standing still. */
  private static final long LEAST_BYTES_PER_SECOND = 64 << 10;

  private static final ThreadFactory THREADS =
      task -> {
        Thread thread = new Thread(task, "stream-webdav");
        thread.setDaemon(true);
        return thread;
      };

  private final String root;
  private final @Nullable String authorization;
  private final Duration patience;
  private final WebdavFailures failures;
  private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, THREADS);
  private volatile @Nullable HttpClient http;

  WebdavClient(WebdavReplicaConfig config) {
    this(config, PATIENCE);
  }

  /** A client that waits so long for an answer, or for its next bytes. */
  WebdavClient(WebdavReplicaConfig config, Duration patience) {
    this.root = config.root();
    this.authorization =
        config.user() == null ? null : basic(config.user() + ":" + config.password());
    this.patience = patience;
    this.failures = new WebdavFailures(new ReplicaFailures(name()));
    // Idle threads end by themselves: nothing has to be shut down under an operation's feet.
    clock.setKeepAliveTime(1, TimeUnit.SECONDS);
    clock.allowCoreThreadTimeOut(true);
    clock.setRemoveOnCancelPolicy(true);
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_PATIENCE.compareTo(patience) < 0 ? CONNECT_PATIENCE : patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(
                new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), THREADS))
            .build();
  }

  private static String basic(String login) {
    byte[] bytes = login.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  String name() {
    return "webdav:" + root;
  }

  WebdavFailures failures() {
    return failures;
  }

  Duration patience() {
    return patience;
  }

  /** Uploads the content; the status tells what came of it. */
  int put(String path, ExactBody body, long size, String doing) throws IOException {
    // The client cannot send a length of 0 with a stream.
    BodyPublisher publisher =
        size == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> body), size);
    HttpRequest request = request(path).PUT(publisher).build();
    Duration wait = patience.plusSeconds(size / LEAST_BYTES_PER_SECOND);
    return exchange(request, BodyHandlers.discarding(), wait, doing).statusCode();
  }

  /** Asks for a range of a file. The caller closes the body. */
  HttpResponse<InputStream> get(String path, String range, String doing) throws IOException {
    HttpRequest request = request(path).header("Range", range).GET().build();
    return exchange(request, BodyHandlers.ofInputStream(), patience, doing);
  }

  /** What a GET of a file would say of it now. The caller closes the body, which is empty. */
  HttpResponse<InputStream> head(String path, String doing) throws IOException {
    HttpRequest request = request(path).method("HEAD", BodyPublishers.noBody()).build();
    return exchange(request, BodyHandlers.ofInputStream(), patience, doing);
  }

  /** Moves a file to a path where there must be none: an existing one is never touched. */
  int moveToNew(String from, String to, String doing) throws IOException {
    HttpRequest.Builder request = request(from).header("Destination", root + to);
    return status(request.header("Overwrite", "F"), "MOVE", doing);
  }

  int makeCollection(String path, String doing) throws IOException {
    return status(request(path), "MKCOL", doing);
  }

  int delete(String path, String doing) throws IOException {
    return status(request(path), "DELETE", doing);
  }

  private int status(HttpRequest.Builder request, String method, String doing) throws IOException {
    HttpRequest built = request.method(method, BodyPublishers.noBody()).build();
    return exchange(built, BodyHandlers.discarding(), patience, doing).statusCode();
  }

  /** The file or collection at a path, if there is one. */
  Optional<WebdavResource> find(String path, String doing) throws IOException {
    Optional<List<WebdavResource>> answer = propfind(path, "0", doing);
    if (answer.isPresent() && answer.get().size() != 1) {
      throw failures.misunderstood(doing, "told of more than it was asked for");
    }
    return answer.map(resources -> resources.get(0));
  }

  /**
   * What is directly in a collection, in no order; empty if there is no such collection.
   *
   * @param path empty, or with a slash at its end
   */
  List<WebdavResource> children(String path, String doing) throws IOException {
    Optional<List<WebdavResource>> answer = propfind(path, "1", doing);
    for (Attempts attempts = new Attempts(); answer.isEmpty(); ) {
      // It may have been made since. Some servers also say that nothing is there when a file in it
      // is removed while they list.
      if (find(path, doing).isEmpty()) {
        return List.of();
      }
      if (!attempts.again(doing)) {
        String changed = "the collection changed during each of " + Attempts.MOST + " attempts";
        throw failures.unanswered(doing, new IOException(changed));
      }
      answer = propfind(path, "1", doing);
    }
    String self = URI.create(root + path).getPath();
    List<WebdavResource> children = new ArrayList<>(answer.get());
    boolean named = children.removeIf(resource -> resource.path().equals(self));
    if (!named || !children.stream().allMatch(resource -> resource.path().startsWith(self))) {
      throw failures.misunderstood(
          doing, "names other paths than " + self + "; check for a proxy that changes them");
    }
    return children;
  }

  private Optional<List<WebdavResource>> propfind(String path, String depth, String doing)
      throws IOException {
    HttpRequest request =
        request(path)
            .header("Depth", depth)
            .header("Content-Type", "application/xml; charset=utf-8")
            .method("PROPFIND", BodyPublishers.ofString(Multistatus.QUESTION))
            .build();
    HttpResponse<InputStream> response =
        exchange(request, BodyHandlers.ofInputStream(), patience, doing);
    try (InputStream body = body(response, Long.MAX_VALUE, doing)) {
      if (response.statusCode() == 404
          || response.statusCode() == 400 && isBelowNoCollection(path, doing)) {
        return Optional.empty();
      }
      if (isRedirectToCollection(response, path)) {
        return Optional.of(List.of(new WebdavResource(path, true, 0, Instant.EPOCH)));
      }
      if (response.statusCode() != MULTI_STATUS) {
        throw failures.answered(doing, response.statusCode());
      }
      return Optional.of(Multistatus.read(body));
    } catch (IOException e) {
      throw failures.unanswered(doing, e);
    }
  }

  /** Apache calls it a bad request to ask for something below a file. */
  private boolean isBelowNoCollection(String path, String doing) throws IOException {
    int slash = path.lastIndexOf('/', path.length() - 2);
    return slash > 0
        && find(path.substring(0, slash), doing).filter(WebdavResource::isCollection).isEmpty();
  }

  /** Whether the server answers so because it wants a slash at a collection's end. */
  private boolean isRedirectToCollection(HttpResponse<?> response, String path) {
    String location = response.headers().firstValue("Location").orElse("");
    return response.statusCode() / 100 == 3 && location.endsWith("/" + path + "/");
  }

  /** At most so many bytes of a response. */
  InputStream body(HttpResponse<InputStream> response, long limit, String doing) {
    return new ResponseStream(response.body(), this, clock, doing, limit);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
    // The login is sent unasked: to be asked for it first would mean to upload everything twice.
    return authorization == null ? request : request.header("Authorization", authorization);
  }

  private <T> HttpResponse<T> exchange(
      HttpRequest request, BodyHandler<T> handler, Duration wait, String doing) throws IOException {
    HttpClient open = http;
    if (open == null) {
      throw failures.unanswered(doing, new IOException("the replica is closed"));
    }
    CompletableFuture<HttpResponse<T>> answer = open.sendAsync(request, handler);
    try {
      return answer.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failures.unanswered(doing, e.getCause());
    } catch (TimeoutException e) {
      String waited = "no answer within " + wait.toSeconds() + " s";
      throw failures.unanswered(doing, new IOException(waited, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted: cannot " + doing).initCause(e);
    } finally {
      answer.cancel(true);
    }
  }

  /**
   * Refuses further requests. The client of Java 17 cannot be closed: the thread that watches its
   * connections, a daemon, ends when nothing refers to the client any longer.
   */
  void close() {
    http = null;
  }
}
