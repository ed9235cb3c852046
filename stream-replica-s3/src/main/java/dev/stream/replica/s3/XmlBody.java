package dev.stream.replica.s3;

import io.minio.Checksum;
import io.minio.Xml;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** What is sent and received as XML. */
final class XmlBody {

  private static final MediaType XML = MediaType.get("application/xml");

  private XmlBody() {}

  /** Puts a message into a request, with the checksums that requests with XML need. */
  static S3Request in(S3Request call, Object message) throws IOException {
    try {
      byte[] bytes = Xml.marshal(message).getBytes(StandardCharsets.UTF_8);
      return call.body(
              RequestBody.create(bytes, XML),
              Checksum.hexString(Checksum.SHA256.sum(bytes)).toLowerCase(Locale.ROOT))
          .header("Content-MD5", Checksum.base64String(Checksum.MD5.sum(bytes)));
    } catch (MinioException e) {
      throw new IllegalStateException("a message that cannot be written as XML", e);
    }
  }

  /** Reads an answer and closes it. An error may also come with a status of success. */
  static <T> T read(Response response, Class<T> type) throws IOException {
    String text = text(response);
    try {
      return Xml.unmarshal(type, text);
    } catch (MinioException e) {
      throw new IOException("the server's answer is not understood", e);
    }
  }

  /** Reads an answer and closes it. */
  static String text(Response response) throws IOException {
    try (response;
        ResponseBody body = response.body()) {
      String text = body.string();
      if (text.contains("<Error>") && !text.contains("<DeleteResult")) {
        throw S3Error.of(response, text);
      }
      return text;
    }
  }
}
