package dev.stream.replica.s3;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import io.minio.credentials.Credentials;
import io.minio.credentials.IamAwsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys come from: the configuration, else the environment's variables, its profile file,
 * a web identity, or the role of the container or the machine; the first that is there.
 */
final class CredentialChain {

  /** The address of machine roles is not routed where there are none. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private CredentialChain() {}

  /**
   * Chooses the source.
   *
   * @throws ReplicaException if there is none, or if one is there only by half
   */
  static SignedClient.Keys of(S3ReplicaConfig config, Map<String, String> environment, Path home)
      throws IOException {
    return of(config, environment, home, null);
  }

  /**
   * The same.
   *
   * @param roleEndpoint asked for roles instead of the usual addresses
   */
  static SignedClient.Keys of(
      S3ReplicaConfig config,
      Map<String, String> environment,
      Path home,
      @Nullable String roleEndpoint)
      throws IOException {
    if (config.accessKey() != null && config.secretKey() != null) {
      return constant(config.accessKey(), config.secretKey(), config.sessionToken());
    }
    String accessKey = value(environment, "AWS_ACCESS_KEY_ID");
    String secretKey = value(environment, "AWS_SECRET_ACCESS_KEY");
    if (accessKey != null && secretKey != null) {
      return constant(accessKey, secretKey, value(environment, "AWS_SESSION_TOKEN"));
    }
    if (accessKey != null || secretKey != null) {
      throw denied(
          "the environment has only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; set both"
              + " or neither",
          null);
    }
    ProfileFile profile = ProfileFile.of(environment, home);
    if (profile.isPresent()) {
      profile.fetch();
      return profile::fetch;
    }
    boolean named =
        value(environment, "AWS_WEB_IDENTITY_TOKEN_FILE") != null
            || value(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != null
            || value(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI") != null;
    String looked = looked(profile);
    if (!named && "true".equalsIgnoreCase(value(environment, "AWS_EC2_METADATA_DISABLED"))) {
      throw denied("no credentials; " + looked, null);
    }
    return role(roleEndpoint, named, looked);
  }

  private static String looked(ProfileFile profile) {
    return "looked for accessKey and secretKey in the configuration, AWS_ACCESS_KEY_ID and"
        + " AWS_SECRET_ACCESS_KEY in the environment, profile "
        + profile.profile()
        + " in "
        + profile.file()
        + ", AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE, and the role of the container or"
        + " machine";
  }

  private static SignedClient.Keys role(
      @Nullable String roleEndpoint, boolean named, String looked) {
    OkHttpClient http =
        new OkHttpClient.Builder()
            .connectTimeout(PATIENCE)
            .callTimeout(named ? PATIENCE.multipliedBy(5) : PATIENCE)
            .build();
    IamAwsProvider provider = new IamAwsProvider(roleEndpoint, http);
    return () -> {
      try {
        return provider.fetch();
      } catch (RuntimeException e) {
        if (named) {
          throw new ReplicaException(
              Reason.UNAVAILABLE,
              "no credentials from the role that the environment names: " + e.getMessage(),
              e);
        }
        throw denied("no credentials; " + looked, e);
      }
    };
  }

  private static SignedClient.Keys constant(
      String accessKey, String secretKey, @Nullable String sessionToken) {
    Credentials credentials = new Credentials(accessKey, secretKey, sessionToken, null);
    return () -> credentials;
  }

  static @Nullable String value(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  static ReplicaException denied(String message, @Nullable Throwable cause) {
    return new ReplicaException(Reason.ACCESS_DENIED, message, cause);
  }
}
