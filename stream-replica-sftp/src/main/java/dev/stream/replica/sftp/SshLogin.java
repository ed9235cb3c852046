package dev.stream.replica.sftp;

import dev.stream.api.replica.ReplicaException;
import dev.stream.api.replica.ReplicaException.Reason;
import dev.stream.api.replica.support.ReplicaFailures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import org.jspecify.annotations.Nullable;

/** Connects to the server, checks who it is, and logs in. Thread-safe. */
final class SshLogin {

  /** How many keep-alive messages are sent within one timeout. */
  private static final int BEATS = 4;

  private final SftpReplicaConfig config;

  /** The socket of a connection that is being made, which {@link #cancel} closes. */
  private final AtomicReference<@Nullable WatchedSocket> underWay = new AtomicReference<>();

  SshLogin(SftpReplicaConfig config) {
    this.config = config;
  }

  SshConnection connect() throws IOException {
    HostKeys hostKeys = HostKeys.read(config);
    SftpCredentials credentials = SftpCredentials.of(config);
    while (true) {
      try {
        return connect(hostKeys, credentials);
      } catch (IOException e) {
        ReplicaException refusal = hostKeys.refusal();
        if (refusal == null) {
          throw e;
        }
        if (!hostKeys.otherTypesLeft()) {
          throw refusal;
        }
      } finally {
        underWay.set(null);
      }
    }
  }

  /** Breaks off a connection that is being made. */
  void cancel() throws IOException {
    WatchedSocket socket = underWay.get();
    if (socket != null) {
      socket.close();
    }
  }

  private SshConnection connect(HostKeys hostKeys, SftpCredentials credentials) throws IOException {
    Duration timeout = config.timeoutOrUsual();
    WatchedSocket socket = WatchedSocket.create();
    underWay.set(socket);
    SSHClient client = new SSHClient(SshSettings.create());
    client.setSocketFactory(new SingleSocketFactory(socket));
    client.setConnectTimeout((int) timeout.toMillis());
    client.setTimeout((int) timeout.toMillis());
    client.getTransport().setTimeoutMs((int) timeout.toMillis());
    client.getConnection().setTimeoutMs((int) timeout.toMillis());
    client.getConnection().setWindowSize(SshSettings.RECEIVE_WINDOW);
    KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
    keepAlive.setKeepAliveInterval((int) Math.max(1, timeout.toSeconds() / BEATS));
    keepAlive.setMaxAliveCount(2 * BEATS);
    client.addHostKeyVerifier(hostKeys);
    boolean done = false;
    try {
      reach(client);
      authenticate(client, credentials);
      done = true;
      return new SshConnection(client, socket, timeout);
    } finally {
      if (!done) {
        socket.close();
        SshConnection.closeQuietly(client);
      }
    }
  }

  private void reach(SSHClient client) throws ReplicaException {
    try {
      client.connect(config.host(), config.portOrUsual());
    } catch (UnknownHostException e) {
      throw unreachable("the name is not known; correct host, or mend the name service", e);
    } catch (TransportException e) {
      boolean noCommonGround = String.valueOf(e.getMessage()).contains("settlement");
      if (noCommonGround) {
        throw new ReplicaException(
            Reason.REJECTED,
            String.format(
                "cannot talk to %s, which offers nothing that is still secure: %s",
                config.address(), ReplicaFailures.messageOf(e)),
            e);
      }
      throw unreachable(ReplicaFailures.messageOf(e), e);
    } catch (IOException | SSHRuntimeException e) {
      throw unreachable(ReplicaFailures.messageOf(e), e);
    }
  }

  private void authenticate(SSHClient client, SftpCredentials credentials) throws ReplicaException {
    try {
      client.auth(config.user(), credentials.methods());
    } catch (UserAuthException e) {
      if (!client.isConnected() || ReplicaFailures.causeOf(e, TimeoutException.class) != null) {
        throw unreachable(
            "the connection broke while logging in: " + ReplicaFailures.messageOf(e), e);
      }
      throw new ReplicaException(
          Reason.ACCESS_DENIED,
          refusal(
              client.getUserAuth().getAllowedMethods(),
              client.getUserAuth().hadPartialSuccess(),
              credentials.unanswered()),
          e);
    } catch (TransportException | SSHRuntimeException | IllegalStateException e) {
      throw unreachable(
          "the connection broke while logging in: " + ReplicaFailures.messageOf(e), e);
    }
  }

  /** Says who was not let in, why, and what to do. */
  String refusal(Collection<String> offered, boolean oneWasRight, List<String> unanswered) {
    List<String> refused = new ArrayList<>();
    if (config.keyPath() != null) {
      refused.add("the key in " + config.keyPath());
    }
    if (config.password() != null) {
      refused.add("the password");
    }
    String asked =
        String.format(
            "; it asked %s, which Stream has no answer to: it knows the password only; give it a"
                + " user whom the server asks for nothing else, or a key",
            String.join(" and ", unanswered));
    return String.format(
        "%s does not let %s in: it refused %s; it offers %s%s%s",
        config.address(),
        config.user(),
        String.join(" and ", refused),
        String.join(", ", offered),
        oneWasRight ? "; one of them was right, but it asks for more" : "",
        unanswered.isEmpty() ? "" : asked);
  }

  private ReplicaException unreachable(String why, Exception e) {
    return new ReplicaException(
        Reason.UNAVAILABLE,
        "cannot reach " + config.address() + ": " + why + "; nothing is lost, Stream retries",
        e);
  }

  /** Hands a socket to the library that can be closed from outside. */
  private static final class SingleSocketFactory extends SocketFactory {

    private final WatchedSocket socket;

    SingleSocketFactory(WatchedSocket socket) {
      this.socket = socket;
    }

    @Override
    public Socket createSocket() {
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }
  }
}
