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
  private static final Pattern REPLY = Pattern.compile("<Error\\b.*", Pattern.DOTALL);

  private final int status;
  private final String code;
  private final @Nullable String region;
  private final @Nullable String location;

  private S3Error(
      int status,
      String code,
      @Nullable String message,
      @Nullable String region,
      @Nullable String location) {
    super(message == null || message.isBlank() ? code : code + ", " + message.strip());
    this.status = status;
    this.code = code;
    this.region = region;
    this.location = location;
  }

  /** What a server says of one object of several. */
  static S3Error of(ErrorResponse response) {
    return new S3Error(0, named(response.code()), response.message(), null, null);
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
            response.code(), named(parsed.code()), parsed.message(), region, location);
      } catch (XmlParserException e) {
        // Then it is as good as no answer.
      }
    }
    String status = "HTTP status " + response.code();
    String said = answer.contains("<") ? null : answer.lines().findFirst().orElse(null);
    return new S3Error(response.code(), status, said, region, location);
  }

  /** Every server is to name its errors; one that does not must not be worse for that. */
  private static String named(@Nullable String code) {
    return code == null ? "an error without a code" : code;
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
