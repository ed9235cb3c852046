package dev.stream.replica.s3;

import io.minio.Xml;
import io.minio.errors.XmlParserException;
import io.minio.messages.ErrorResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The server answered, and refused. */
final class S3Error extends IOException {

  private static final long serialVersionUID = 1L;
  private static final long LONGEST_ANSWER = 64 << 10;
  private static final Pattern REGION = Pattern.compile("<Region>([A-Za-z0-9-]{1,60})</Region>");
  private static final Pattern TITLE =
      Pattern.compile("<title>([^<]{1,200})</title>", Pattern.CASE_INSENSITIVE);

  /** What Go's, nginx's and Apache's servers of https say to plain http. */
  private static final Pattern WANTS_HTTPS =
      Pattern.compile(
          "HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS"
              + "|plain HTTP to an SSL-enabled");

  private static final Pattern REPLY = Pattern.compile("<Error\\b.*", Pattern.DOTALL);

  private final int status;
  private final String code;
  private final @Nullable String region;
  private final @Nullable String location;
  private final Speech speech;

  /** What the answer shows of the server that gave it. */
  private enum Speech {
    S3,
    OTHER,
    WANTS_HTTPS
  }

  private S3Error(
      int status,
      String code,
      @Nullable String message,
      @Nullable String region,
      @Nullable String location,
      Speech speech) {
    super(message == null || message.isBlank() ? code : code + ", " + message.strip());
    this.status = status;
    this.code = code;
    this.region = region;
    this.location = location;
    this.speech = speech;
  }

  /** What a server says of one object of several. */
  static S3Error of(ErrorResponse response) {
    return new S3Error(0, named(response.code()), response.message(), null, null, Speech.S3);
  }

  /** Reads the answer to its end. */
  static S3Error of(Response response) throws IOException {
    String answer = response.peekBody(LONGEST_ANSWER).string();
    return of(response, answer);
  }

  /** An answer of whatever status that holds an error. */
  static S3Error of(Response response, String answer) {
    String region = response.header("x-amz-bucket-region");
    Matcher named = REGION.matcher(answer);
    if (region == null && named.find()) {
      region = named.group(1);
    }
    String location = response.header("Location");
    Matcher reply = REPLY.matcher(answer);
    if (reply.find()) {
      try {
        ErrorResponse parsed = Xml.unmarshal(ErrorResponse.class, reply.group());
        return new S3Error(
            response.code(), named(parsed.code()), parsed.message(), region, location, Speech.S3);
      } catch (XmlParserException e) {
        // The answer is then treated as none of S3.
      }
    }
    String status = "HTTP status " + response.code();
    Speech speech = WANTS_HTTPS.matcher(answer).find() ? Speech.WANTS_HTTPS : Speech.OTHER;
    return new S3Error(response.code(), status, said(answer), region, location, speech);
  }

  /** What a page or a line of text has to say. */
  private static @Nullable String said(String answer) {
    Matcher title = TITLE.matcher(answer);
    if (title.find()) {
      return title.group(1).strip().replaceAll("\\p{Cntrl}+", " ");
    }
    return answer.contains("<") ? null : answer.lines().findFirst().orElse(null);
  }

  /** Every server should name its errors; what one without a name means is still reported. */
  private static String named(@Nullable String code) {
    return code == null ? "an error without a code" : code;
  }

  /** It answered with an error of S3. */
  boolean isOfS3() {
    return speech == Speech.S3;
  }

  /** It told who spoke plain http to it that it speaks https there. */
  boolean wantsHttps() {
    return speech == Speech.WANTS_HTTPS;
  }

  /** HTTP status, or 0 if there is none of its own. */
  int status() {
    return status;
  }

  /** The error's name, such as {@code NoSuchBucket}. */
  String code() {
    return code;
  }

  /** The region that the bucket is in, if the server says so. */
  @Nullable String region() {
    return region;
  }

  /** Where the server sends the client instead. */
  @Nullable String location() {
    return location;
  }
}
