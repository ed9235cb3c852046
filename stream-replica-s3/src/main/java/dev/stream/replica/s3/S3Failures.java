package dev.stream.replica.s3;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ReplicaFailures;
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
final class S3Failures {

  private static final Set<String> WRONG_KEYS =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "InvalidSecurity",
          "InvalidTokenId",
          "InvalidToken");
  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException");
  private static final Set<String> FORBIDDEN =
      Set.of("AccessDenied", "AllAccessDisabled", "AccountProblem");
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

  private final S3Location location;
  private final ReplicaFailures failures;

  S3Failures(S3Location location) {
    this.location = location;
    this.failures = new ReplicaFailures(location.toString());
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
    if (failure instanceof S3Error error) {
      return answered(doing, error);
    }
    if (failure instanceof SSLException) {
      return insecure(doing, failure);
    }
    String why = "no connection: " + ReplicaFailures.messageOf(failure);
    if (failure instanceof UnknownHostException) {
      why =
          String.format(
              "the host %s is not known; check endpoint, region and the network",
              location.bucketUrl().host());
    } else if (!location.endpoint().isHttps() && isNoHttp(failure)) {
      why =
          "what listens there ends the connection or does not answer in http; if the server wants"
              + " https, leave out insecure, or write https:// in endpoint";
    }
    return unavailable(doing, why, failure);
  }

  /** As servers of TLS do that take plain http for a broken handshake. */
  private static boolean isNoHttp(IOException failure) {
    String said = ReplicaFailures.messageOf(failure);
    return failure instanceof ProtocolException
        ? said.startsWith("Unexpected status line")
        : said.startsWith("unexpected end of stream on http");
  }

  ReplicaException exists(String key, @Nullable IOException failure) {
    return failures.of(Reason.CONFLICT, "create " + key, "there is one already", failure);
  }

  private ReplicaException answered(String doing, S3Error error) {
    String code = error.code();
    int status = error.status();
    String said = ReplicaFailures.messageOf(error);
    if (error.wantsHttps()) {
      String advice = "; leave out insecure, or write https:// in endpoint";
      return rejected(doing, "the server wants https" + advice, error);
    }
    if (code.equals("NoSuchKey")) {
      return failures.of(Reason.NOT_FOUND, doing, "there is no such object", error);
    }
    if (code.equals("NoSuchBucket")) {
      String why =
          String.format(
              "there is no bucket %1$s; make it, for instance with 'aws s3 mb s3://%1$s' or 'mc"
                  + " mb', or correct bucket; Stream makes none by itself",
              location.bucket());
      return rejected(doing, why, error);
    }
    if (code.equals("RequestTimeTooSkewed")) {
      String why = "this machine's clock differs too much from the server's; set it";
      return denied(doing, why, error);
    }
    if (EXPIRED.contains(code)) {
      return denied(doing, "the credentials have expired; renew them (" + said + ")", error);
    }
    if (WRONG_KEYS.contains(code)) {
      String advice = "check accessKey and secretKey, or where the environment has them";
      String why = "the server does not accept the credentials (" + said + "); " + advice;
      return denied(doing, why, error);
    }
    if (code.equals("KeyTooLongError")) {
      return rejected(doing, "the key is too long for it; shorten prefix", error);
    }
    if (code.equals("AuthorizationHeaderMalformed")
        || code.equals("IllegalLocationConstraintException")
        || (status >= 300 && status < 400)) {
      return elsewhere(doing, error.region(), error);
    }
    if (status == 507 || FULL.matcher(said).find()) {
      String advice = "); make room. Nothing is lost, Stream retries";
      return unavailable(doing, "the storage is full (" + said + advice, error);
    }
    if (DAMAGED_ON_THE_WAY.contains(code)) {
      String why =
          String.format(
              "the server did not take all that was sent (%s), as MinIO does whose disk is full;"
                  + " then make room. Nothing is lost, Stream retries",
              said);
      return unavailable(doing, why, error);
    }
    if (OVERLOADED.contains(code)
        || (status >= 500 && status != 501)
        || status == 429
        || status == 408) {
      return unavailable(doing, "the server cannot do it now: " + said, error);
    }
    if (FORBIDDEN.contains(code) || status == 401 || status == 403) {
      String why =
          String.format(
              "access denied (%s); the credentials need s3:ListBucket on the bucket and"
                  + " s3:GetObject, s3:PutObject and s3:DeleteObject on %s*",
              said, location.prefix());
      return denied(doing, why, error);
    }
    if (status >= 200 && status < 300) {
      // The server had nothing against the request when it began to answer.
      return unavailable(doing, "the server failed at it: " + said, error);
    }
    if (!error.isOfS3() && (status == 404 || status == 405)) {
      String why =
          String.format(
              "the server (%s) does not answer as S3 does; correct endpoint: the host and port of"
                  + " its S3 interface",
              said);
      return rejected(doing, why, error);
    }
    return rejected(doing, "the server refuses: " + said, error);
  }

  private ReplicaException elsewhere(String doing, @Nullable String region, S3Error error) {
    if (region != null && !region.equals(location.region())) {
      String why =
          String.format(
              "the bucket is in the region %1$s, not in %2$s; set region to \"%1$s\", and endpoint"
                  + " to that region's if it is set",
              region, location.region());
      return rejected(doing, why, error);
    }
    if (error.status() == 307) {
      String why = "the server sends elsewhere for now, as with a new bucket; Stream retries";
      return unavailable(doing, why, error);
    }
    // A query may hold a signature.
    String target =
        error.location() == null ? "" : " to " + error.location().replaceFirst("\\?.*", "");
    String why =
        String.format(
            "the server sends elsewhere%s (%s); correct endpoint and region",
            target, ReplicaFailures.messageOf(error));
    return rejected(doing, why, error);
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

  private ReplicaException insecure(String doing, IOException failure) {
    String said = ReplicaFailures.messageOf(failure);
    String advice = "; correct endpoint or the certificate";
    if (ReplicaFailures.causeOf(failure, CertPathBuilderException.class) != null) {
      String why =
          "the server's certificate is signed by nobody that is trusted here; if the server is"
              + " yours, name its certificate authority's PEM file as caFile";
      return rejected(doing, why, failure);
    }
    if (failure instanceof SSLPeerUnverifiedException) {
      String host = location.bucketUrl().host();
      String why = "the server's certificate is not for " + host + names(said);
      return rejected(doing, why + advice, failure);
    }
    if (ReplicaFailures.causeOf(failure, CertificateException.class) != null) {
      String first = said.lines().findFirst().orElse("");
      String why = "the server's certificate is not valid for it: " + first;
      return rejected(doing, why + advice, failure);
    }
    if (said.contains("Unsupported or unrecognized SSL message")) {
      String why =
          "the server does not speak https there; correct endpoint, or set insecure to true for"
              + " plain http";
      return rejected(doing, why, failure);
    }
    return unavailable(doing, "no secure connection: " + said, failure);
  }

  private ReplicaException unavailable(String doing, String why, IOException cause) {
    return failures.of(Reason.UNAVAILABLE, doing, why, cause);
  }

  private ReplicaException denied(String doing, String why, IOException cause) {
    return failures.of(Reason.ACCESS_DENIED, doing, why, cause);
  }

  ReplicaException rejected(String doing, String why, @Nullable IOException cause) {
    return failures.of(Reason.REJECTED, doing, why, cause);
  }
}
