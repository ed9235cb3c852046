package dev.stream.replica.s3;

import dev.stream.api.replica.ReplicaException;
import io.minio.Http;
import io.minio.Signer;
import io.minio.Time;
import io.minio.Utils;
import io.minio.credentials.Credentials;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Signs requests and sends them, each in the thread that asks. Thread-safe. */
final class SignedClient implements AutoCloseable {

  private static final int BRIEF_SECONDS = 10;

  private final S3Location location;
  private final Keys keys;
  private final OkHttpClient http;
  private final Clock clock;
  private volatile boolean closed;

  SignedClient(S3Location location, Keys keys, OkHttpClient http, Clock clock) {
    this.location = location;
    this.keys = keys;
    this.http = http;
    this.clock = clock;
  }

  /**
   * Sends a request and waits for the head of its answer, which the caller closes.
   *
   * @throws S3Error if the server refuses
   */
  Response send(S3Request call) throws IOException {
    return answer(http.newCall(signed(call).build()));
  }

  /** The same, for a request that {@link #cancel} ends by this tag. */
  Response send(S3Request call, String tag) throws IOException {
    return answer(http.newCall(signed(call).tag(String.class, tag).build()));
  }

  /** The same, for a request that matters little: it is given few seconds. */
  Response sendBriefly(S3Request call) throws IOException {
    okhttp3.Call request = http.newCall(signed(call).build());
    request.timeout().timeout(BRIEF_SECONDS, TimeUnit.SECONDS);
    return answer(request);
  }

  /** Ends the requests of a tag; they fail. */
  void cancel(String tag) {
    for (okhttp3.Call request : http.dispatcher().runningCalls()) {
      if (tag.equals(request.request().tag(String.class))) {
        request.cancel();
      }
    }
  }

  private Response answer(okhttp3.Call request) throws IOException {
    if (closed) {
      throw new IOException("the replica is closed");
    }
    Response response = request.execute();
    if (response.isSuccessful()) {
      return response;
    }
    try (response) {
      throw S3Error.of(response);
    }
  }

  private Request.Builder signed(S3Request call) throws IOException {
    Credentials credentials = keys.fetch();
    HttpUrl url = url(call);
    Request.Builder request =
        new Request.Builder()
            .url(url)
            .method(call.method(), call.body())
            .header(Http.Headers.HOST, EndpointAddress.hostAndPort(url))
            .header(Http.Headers.ACCEPT_ENCODING, "identity")
            .header(Http.Headers.USER_AGENT, "stream-replica-s3")
            .header(Http.Headers.X_AMZ_CONTENT_SHA256, call.payloadHash())
            .header(Http.Headers.X_AMZ_DATE, ZonedDateTime.now(clock).format(Time.AMZ_DATE_FORMAT));
    call.headers().forEach(request::header);
    String token = credentials.sessionToken();
    if (token != null && !token.isEmpty()) {
      request.header(Http.Headers.X_AMZ_SECURITY_TOKEN, token);
    }
    try {
      return Signer.signV4S3(
              request.build(),
              location.region(),
              credentials.accessKey(),
              credentials.secretKey(),
              call.payloadHash())
          .newBuilder();
    } catch (MinioException e) {
      throw new IllegalStateException("every Java has what signing needs", e);
    }
  }

  private HttpUrl url(S3Request call) {
    HttpUrl.Builder url = location.bucketUrl().newBuilder();
    if (call.key() != null) {
      // Keys are of characters that stand for themselves.
      url.addEncodedPathSegments(call.key());
    }
    for (Map.Entry<String, String> parameter : call.query().entrySet()) {
      url.addEncodedQueryParameter(
          Utils.encode(parameter.getKey()), Utils.encode(parameter.getValue()));
    }
    return url.build();
  }

  /** A request with a body that is read when it is sent. */
  S3Request withBody(S3Request call, PartBody body) throws IOException {
    if (body.contentLength() == 0) {
      body.checkEmpty();
      return call.body(RequestBody.create(new byte[0]), S3Request.of("PUT", null).payloadHash());
    }
    // TLS protects the payload; over plain http most providers let it pass as well.
    boolean signed = !location.endpoint().isHttps() && location.provider().signsPlainPayload();
    return call.body(body, signed ? body.checksum() : "UNSIGNED-PAYLOAD");
  }

  S3Failures failures() {
    return new S3Failures(location);
  }

  S3Location location() {
    return location;
  }

  /** A stream that outlived its replica was the last to need its connection. */
  void released() {
    if (closed) {
      http.connectionPool().evictAll();
    }
  }

  /** Where credentials come from. */
  interface Keys {
    /**
     * The credentials to sign with now.
     *
     * @throws ReplicaException if there are none
     */
    Credentials fetch() throws IOException;
  }

  /** Ends what is under way and lets go of all connections. Repeatable. */
  @Override
  public void close() {
    closed = true;
    http.dispatcher().cancelAll();
    http.connectionPool().evictAll();
  }
}
