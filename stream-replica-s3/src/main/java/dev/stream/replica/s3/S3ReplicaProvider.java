package dev.stream.replica.s3;

import com.google.auto.service.AutoService;
import dev.stream.api.replica.Replica;
import dev.stream.api.replica.ReplicaProvider;
import dev.stream.api.replica.ReplicaUrls;
import dev.stream.api.replica.support.PemCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** Provides replicas of type {@code s3}. Thread-safe. */
@AutoService(ReplicaProvider.class)
@SuppressWarnings({"rawtypes", "exports"})
public final class S3ReplicaProvider implements ReplicaProvider<S3ReplicaConfig> {

  private static final Duration MOST_TO_CONNECT = Duration.ofSeconds(10);
  private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(1);
  private static final long USUAL_PART = 16L << 20;

  private final Map<String, String> environment;
  private final Path home;

  /** For {@link java.util.ServiceLoader}. */
  public S3ReplicaProvider() {
    this(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  S3ReplicaProvider(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  @Override
  public String type() {
    return "s3";
  }

  @Override
  public Class<S3ReplicaConfig> configType() {
    return S3ReplicaConfig.class;
  }

  /**
   * Opens the replica without asking the server. Keys and certificates that cannot be used are
   * reported here, whatever the server has against them on first use.
   */
  @Override
  public Replica open(S3ReplicaConfig config) throws IOException {
    SignedClient.Keys keys = CredentialChain.of(config, environment, home);
    SignedClient client =
        new SignedClient(S3Location.of(config, environment), keys, http(config), Clock.systemUTC());
    ParallelRequests workers = new ParallelRequests();
    Long partSize = config.partSize();
    return new S3Replica(
        client,
        workers,
        new S3ObjectStore(
            client,
            workers,
            partSize == null ? USUAL_PART : partSize,
            StorageOptions.headers(config)));
  }

  static OkHttpClient http(S3ReplicaConfig config) throws IOException {
    Duration timeout = config.timeout() == null ? USUAL_TIMEOUT : config.timeout();
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            // Parts side by side over one connection would wait for each other's packets.
            .protocols(List.of(Protocol.HTTP_1_1))
            // A redirected request would need another signature.
            .followRedirects(false)
            .followSslRedirects(false)
            .socketFactory(new PromptSockets())
            .connectTimeout(timeout.compareTo(MOST_TO_CONNECT) < 0 ? timeout : MOST_TO_CONNECT)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .connectionPool(new ConnectionPool(16, 1, TimeUnit.MINUTES));
    if (config.caFile() != null) {
      X509TrustManager trust = PemCertificates.trust("caFile", config.caFile());
      http.sslSocketFactory(context(trust).getSocketFactory(), trust);
    }
    return http.build();
  }

  private static SSLContext context(X509TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  @Override
  public Optional<ReplicaUrls> urls() {
    return Optional.of(new S3Urls());
  }
}
