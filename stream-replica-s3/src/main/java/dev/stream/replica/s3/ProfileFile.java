package dev.stream.replica.s3;

import io.minio.credentials.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file of shared credentials, read anew each time: tools rotate the keys in it.
 *
 * @param named whether somebody asked for this profile
 */
record ProfileFile(Path file, String profile, boolean named) {

  static ProfileFile of(Map<String, String> environment, Path home) {
    String file = CredentialChain.value(environment, "AWS_SHARED_CREDENTIALS_FILE");
    String profile = CredentialChain.value(environment, "AWS_PROFILE");
    return new ProfileFile(
        file == null ? home.resolve(".aws").resolve("credentials") : Path.of(file),
        profile == null ? "default" : profile,
        profile != null);
  }

  /** Whether the keys are to come from this file. */
  boolean isPresent() throws IOException {
    return named || read() != null;
  }

  /** The keys of the profile. */
  Credentials fetch() throws IOException {
    Map<String, String> values = read();
    if (values == null) {
      throw CredentialChain.denied(
          "no profile " + profile + " in " + file + "; correct AWS_PROFILE or the file", null);
    }
    String accessKey = values.get("aws_access_key_id");
    String secretKey = values.get("aws_secret_access_key");
    if (accessKey == null || accessKey.isEmpty() || secretKey == null || secretKey.isEmpty()) {
      throw CredentialChain.denied(
          "profile "
              + profile
              + " in "
              + file
              + " has no aws_access_key_id with aws_secret_access_key; other ways to get keys"
              + " through a profile are not supported",
          null);
    }
    return new Credentials(accessKey, secretKey, values.get("aws_session_token"), null);
  }

  private @Nullable Map<String, String> read() throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    @Nullable Map<String, String> values = null;
    boolean inside = false;
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw CredentialChain.denied("cannot read " + file + ": " + e, e);
    }
    for (String line : text.lines().toList()) {
      String stripped = line.strip();
      if (stripped.startsWith("[")) {
        inside = stripped.replaceAll("[\\[\\]]", "").strip().equals(profile);
        if (inside && values == null) {
          values = new HashMap<>();
        }
      } else if (inside && values != null && !stripped.startsWith("#")) {
        int equals = stripped.indexOf('=');
        if (equals > 0) {
          values.put(
              stripped.substring(0, equals).strip().toLowerCase(Locale.ROOT),
              stripped.substring(equals + 1).strip());
        }
      }
    }
    return values;
  }
}
