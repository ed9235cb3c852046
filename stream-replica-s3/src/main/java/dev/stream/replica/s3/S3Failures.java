package dev.stream.replica.s3;

import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Says what a failure means for a replica. */
final class Failures {

  private static final Set<String> WRONG_KEYS =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "InvalidSecurity",
          "InvalidTokenId",
          "InvalidToken");
  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException");
  private static final Set<String> OVERLOADED =
      Set.of(
          "SlowDown",
          "SlowDownRead",
          "SlowDownWrite",
          "ServiceUnavailable",
          "InternalError",
          "RequestTimeout",
          "OperationAborted",
          "ConditionalRequestConflict",
          "NoSuchUpload",
          "InvalidPart",
          "Throttling",
          "ThrottlingException",
          "TooManyRequests",
          "RequestLimitExceeded");

  /**
   * What arrived is not what was sent, which was whole: a body that fails is not sent to its end.
   */
  private static final Set<String> DAMAGED_ON_THE_WAY =
      Set.of("IncompleteBody", "BadDigest", "XAmzContentSHA256Mismatch");

  /**
   * Providers have many names for it, and MinIO has one for its own limit, another for a disk's.
   */
  private static final Pattern FULL =
      Pattern.compile(
          "no space left|(?:disk|storage) ?full|(?:quota|storage ?cap) ?exceeded"
              + "|insufficient ?(?:storage|capacity)",
          Pattern.CASE_INSENSITIVE);

  /** The subject, then all names, of which a certificate has the latter only sometimes. */
  private static final Pattern CERTIFIED =
      Pattern.compile("DN: ([^\\r\\n]*)|subjectAltNames: \\[([^\\]]*)\\]");

  private final Place place;

  Failures(Place place) {
    this.place = place;
  }

  /**
   * The failure as the core understands it.
   *
   * @param doing what was tried, on which object, such as {@code store g/a}
   */
  ReplicaException typed(String doing, IOException failure) {
    if (failure instanceof ReplicaException already) {
      return already;
    }
    String cannot = "cannot " + doing + " in " + place + ": ";
    if (failure instanceof S3Error error) {
      return answered(cannot, error);
    }
    if (failure instanceof BodyFailure body) {
      return new ReplicaException(
          Reason.UNAVAILABLE, cannot + "what was to be stored " + body.getMessage(), failure);
    }
    if (failure instanceof SSLException) {
      return insecure(cannot, failure);
    }
    if (failure instanceof UnknownHostException) {
      return unavailable(
          cannot,
          "the host "
              + place.bucketUrl().host()
              + " is not known; check endpoint, region and the network",
          failure);
    }
    if (!place.endpoint().isHttps() && isNoHttp(failure)) {
      return unavailable(
          cannot,
          "what listens there ends the connection or does not answer in http; if the server wants"
              + " https, leave out insecure, or write https:// in endpoint",
          failure);
    }
    return unavailable(cannot, "no connection: " + said(failure), failure);
  }

  /** As servers of TLS do that take plain http for a broken handshake. */
  private static boolean isNoHttp(IOException failure) {
    return failure instanceof ProtocolException
        ? said(failure).startsWith("Unexpected status line")
        : said(failure).startsWith("unexpected end of stream on http");
  }

  ReplicaException exists(ObjectKey key, IOException failure) {
    return new ReplicaException(
        Reason.CONFLICT,
        "cannot create " + key + " in " + place + ": there is one already",
        failure);
  }

  private ReplicaException answered(String cannot, S3Error error) {
    String code = error.code();
    int status = error.status();
    if (error.wantsHttps()) {
      return rejected(
          cannot,
          "the server wants https; leave out insecure, or write https:// in endpoint",
          error);
    }
    if (code.equals("NoSuchKey")) {
      return new ReplicaException(Reason.NOT_FOUND, cannot + "there is no such object", error);
    }
    if (code.equals("NoSuchBucket")) {
      return rejected(
          cannot,
          "there is no bucket "
              + place.bucket()
              + "; make it, for instance with 'aws s3 mb s3://"
              + place.bucket()
              + "' or 'mc mb', or correct bucket; Stream makes none by itself",
          error);
    }
    if (code.equals("RequestTimeTooSkewed")) {
      return denied(
          cannot, "this machine's clock differs too much from the server's; set it", error);
    }
    if (EXPIRED.contains(code)) {
      return denied(
          cannot, "the credentials have expired; renew them (" + said(error) + ")", error);
    }
    if (WRONG_KEYS.contains(code)) {
      return denied(
          cannot,
          "the server does not accept the credentials ("
              + said(error)
              + "); check accessKey and secretKey, or where the environment has them",
          error);
    }
    if (code.equals("KeyTooLongError")) {
      return rejected(cannot, "the key is too long for it; shorten prefix", error);
    }
    @Nullable String region = error.region();
    if (code.equals("AuthorizationHeaderMalformed")
        || code.equals("IllegalLocationConstraintException")
        || (status >= 300 && status < 400)) {
      return elsewhere(cannot, region, error);
    }
    if (status == 507 || FULL.matcher(said(error)).find()) {
      return unavailable(
          cannot,
          "the storage is full (" + said(error) + "); make room. Nothing is lost, Stream retries",
          error);
    }
    if (DAMAGED_ON_THE_WAY.contains(code)) {
      return unavailable(
          cannot,
          "the server did not take all that was sent ("
              + said(error)
              + "), as MinIO does whose disk is full; then make room. Nothing is lost, Stream"
              + " retries",
          error);
    }
    if (OVERLOADED.contains(code)
        || (status >= 500 && status != 501)
        || status == 429
        || status == 408) {
      return unavailable(cannot, "the server cannot do it now: " + said(error), error);
    }
    if (code.equals("AccessDenied")
        || code.equals("AllAccessDisabled")
        || code.equals("AccountProblem")
        || status == 401
        || status == 403) {
      return denied(
          cannot,
          "access denied ("
              + said(error)
              + "); the credentials need s3:ListBucket on the bucket and s3:GetObject,"
              + " s3:PutObject and s3:DeleteObject on "
              + place.prefix()
              + "*",
          error);
    }
    if (status >= 200 && status < 300) {
      // It had nothing against the request when it began to answer.
      return unavailable(cannot, "the server failed at it: " + said(error), error);
    }
    if (!error.isOfS3() && (status == 404 || status == 405)) {
      return rejected(
          cannot,
          "the server ("
              + said(error)
              + ") does not answer as S3 does; correct endpoint: the host and port of its S3"
              + " interface",
          error);
    }
    return rejected(cannot, "the server refuses: " + said(error), error);
  }

  private ReplicaException elsewhere(String cannot, @Nullable String region, S3Error error) {
    if (region != null && !region.equals(place.region())) {
      return rejected(
          cannot,
          "the bucket is in the region "
              + region
              + ", not in "
              + place.region()
              + "; set region to \""
              + region
              + "\", and endpoint to that region's if it is set",
          error);
    }
    if (error.status() == 307) {
      return unavailable(
          cannot,
          "the server sends elsewhere for now, as with a new bucket; Stream retries",
          error);
    }
    String location = error.location() == null ? "" : " to " + withoutQuery(error.location());
    return rejected(
        cannot,
        "the server sends elsewhere"
            + location
            + " ("
            + said(error)
            + "); correct endpoint and region",
        error);
  }

  /** A query may hold a signature. */
  private static String withoutQuery(String location) {
    int query = location.indexOf('?');
    return query < 0 ? location : location.substring(0, query);
  }

  /** Whom a certificate is for, out of several lines of which others say nothing to people. */
  private static String names(String said) {
    Matcher names = CERTIFIED.matcher(said);
    String found = "";
    while (names.find()) {
      String each = names.group(1) == null ? names.group(2) : names.group(1);
      found = each.isBlank() ? found : ", but for " + each.strip();
    }
    return found;
  }

  private ReplicaException insecure(String cannot, IOException failure) {
    if (isCausedBy(failure, CertPathBuilderException.class)) {
      return rejected(
          cannot,
          "the server's certificate is signed by nobody that is trusted here; if the server is"
              + " yours, name its certificate authority's PEM file as caFile",
          failure);
    }
    if (failure instanceof SSLPeerUnverifiedException) {
      return rejected(
          cannot,
          "the server's certificate is not for "
              + place.bucketUrl().host()
              + names(said(failure))
              + "; correct endpoint or the certificate",
          failure);
    }
    if (isCausedBy(failure, CertificateException.class)) {
      return rejected(
          cannot,
          "the server's certificate is not valid for it: "
              + said(failure).lines().findFirst().orElse("")
              + "; correct endpoint or the certificate",
          failure);
    }
    if (said(failure).contains("Unsupported or unrecognized SSL message")) {
      return rejected(
          cannot,
          "the server does not speak https there; correct endpoint, or set insecure to true for"
              + " plain http",
          failure);
    }
    return unavailable(cannot, "no secure connection: " + said(failure), failure);
  }

  private static boolean isCausedBy(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (type.isInstance(each)) {
        return true;
      }
    }
    return false;
  }

  private static String said(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static ReplicaException unavailable(String cannot, String why, IOException cause) {
    return new ReplicaException(Reason.UNAVAILABLE, cannot + why, cause);
  }

  private static ReplicaException denied(String cannot, String why, IOException cause) {
    return new ReplicaException(Reason.ACCESS_DENIED, cannot + why, cause);
  }

  private static ReplicaException rejected(String cannot, String why, IOException cause) {
    return new ReplicaException(Reason.REJECTED, cannot + why, cause);
  }
}
