package dev.stream.replica.nats;

import dev.stream.api.replica.ReplicaException;
import io.nats.client.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The options of a connection. */
final class ConnectionOptions {

  private static final Duration RECONNECT_WAIT = Duration.ofMillis(250);
  private static final Duration PING_INTERVAL = Duration.ofSeconds(15);
  private static final int BUFFER_BYTES = 256 << 10;

  private ConnectionOptions() {}

  static Options of(NatsReplicaConfig config, PendingRequests pending) throws ReplicaException {
    Options.Builder options =
        Options.builder()
            .servers(config.servers().toArray(String[]::new))
            .noRandomize()
            // They are known by address, which certificates seldom name.
            .ignoreDiscoveredServers()
            // The others resolve a host, which can then not be compared with its certificate.
            .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
            .connectionName("stream replica, bucket " + config.bucket())
            .connectionTimeout(config.patience())
            .socketWriteTimeout(config.patience())
            .pingInterval(PING_INTERVAL)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            // What cannot be sent now fails now: the core repeats it, and knows what became of it.
            .reconnectBufferSize(0)
            .reportNoResponders()
            .noEcho()
            .bufferSize(BUFFER_BYTES)
            .errorListener(pending)
            .connectionListener(pending)
            .callbackExecutor(inCallingThread());
    if (config.usesTls()) {
      options.sslContext(TlsContext.of(config));
    }
    authenticate(config, options);
    return options.build();
  }

  /**
   * Runs callbacks where they arise, without a thread of its own: ours are short, and so have
   * happened when the call that caused them returns.
   */
  private static ExecutorService inCallingThread() {
    return new ThreadPoolExecutor(0, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>()) {
      @Override
      public void execute(Runnable command) {
        command.run();
      }
    };
  }

  private static void authenticate(NatsReplicaConfig config, Options.Builder options)
      throws ReplicaException {
    Path creds = config.creds();
    Path nkey = config.nkey();
    if (creds != null) {
      options.authHandler(NatsCredentials.ofCredsFile(creds));
    } else if (nkey != null) {
      options.authHandler(NatsCredentials.ofSeedFile(nkey));
    } else if (config.token() != null) {
      options.token(characters(config.token()));
    } else if (config.user() != null) {
      options.userInfo(characters(config.user()), characters(config.password()));
    }
  }

  private static char[] characters(@Nullable String text) {
    return text == null ? new char[0] : text.toCharArray();
  }
}
