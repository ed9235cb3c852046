package dev.stream.it.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The network between a client and a server, with its faults: distance, cuts, silence. It listens
 * on one loopback address for all its life. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

  private static final int LISTENED = 0;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long NO_BOUND = Long.MAX_VALUE;

  private final InetSocketAddress server;
  private final InetSocketAddress address;
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicLong toServer = new AtomicLong();
  private final AtomicLong toClient = new AtomicLong();
  private volatile Duration roundTrip = Duration.ZERO;

  // Guarded by this.
  private ServerSocket listener;
  private boolean stalled;
  private long untilCut = NO_BOUND;

  private TcpProxy(InetSocketAddress server, InetSocketAddress address) {
    this.server = server;
    this.address = address;
  }

  /** Starts one that forwards to this address, at once and without faults. */
  public static TcpProxy to(InetSocketAddress server) {
    TcpProxy proxy = new TcpProxy(server, Ports.address(Ports.free(List.of(LISTENED)), LISTENED));
    proxy.mend();
    return proxy;
  }

  /** Where clients reach it. */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Sets the time that an answer takes at least, from now on. Half of it is each direction's; the
   * bandwidth stays. To open a connection takes one round trip too.
   */
  public void latency(Duration newRoundTrip) {
    roundTrip = newRoundTrip;
  }

  /** Breaks all connections and refuses new ones. */
  public synchronized void cut() {
    untilCut = NO_BOUND;
    stalled = false;
    if (listener != null) {
      close(listener);
    }
    // What is being accepted just now looks at this.
    listener = null;
    connections.forEach(ProxiedConnection::breakOff);
    connections.clear();
    notifyAll();
  }

  /** Cuts as soon as so many further bytes have gone to the server, over all connections. */
  public synchronized void cutAfter(long bytesToServer) {
    untilCut = bytesToServer;
  }

  /** Whether nobody gets through, because of {@link #cut} or since {@link #cutAfter} came true. */
  public synchronized boolean isCut() {
    return listener == null;
  }

  /** Keeps all connections and accepts new ones, but passes nothing on. */
  public synchronized void stall() {
    stalled = true;
  }

  /** Ends a cut and a stall, and calls off a cut that is yet to come; the latency stays. */
  public synchronized void mend() {
    untilCut = NO_BOUND;
    stalled = false;
    notifyAll();
    if (listener == null) {
      listener = listen();
      ServerSocket accepting = listener;
      Daemons.run("proxy of " + server, () -> accept(accepting));
    }
  }

  /** The bytes that were passed to the server so far. */
  public long bytesToServer() {
    return toServer.get();
  }

  /** The bytes that were passed to clients so far. */
  public long bytesToClients() {
    return toClient.get();
  }

  @Override
  public void close() {
    cut();
  }

  /**
   * Listens as soon as the system lets it. What {@link #cut} closed goes on listening until the
   * thread in its {@code accept} has woken up, which takes milliseconds where the processors are
   * busy; until then the address is refused.
   */
  private ServerSocket listen() {
    long patienceEnds = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return listenNow();
      } catch (BindException e) {
        if (System.nanoTime() - patienceEnds > 0) {
          throw new UncheckedIOException("the proxy cannot listen on " + address, e);
        }
        LockSupport.parkNanos(100_000);
      } catch (IOException e) {
        throw new UncheckedIOException("the proxy cannot listen on " + address, e);
      }
    }
  }

  private ServerSocket listenNow() throws IOException {
    ServerSocket opened = new ServerSocket();
    try {
      opened.setReuseAddress(true);
      opened.bind(address);
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  private void accept(ServerSocket accepting) throws IOException {
    while (true) {
      Socket client = accepting.accept();
      ProxiedConnection connection = new ProxiedConnection(this, client);
      synchronized (this) {
        if (listener != accepting) {
          connection.breakOff();
          return;
        }
        connections.add(connection);
      }
      connection.start(server);
    }
  }

  void ended(ProxiedConnection connection) {
    connections.remove(connection);
  }

  Duration roundTrip() {
    return roundTrip;
  }

  /** Waits while nothing may pass. */
  synchronized void awaitFlow() throws InterruptedException {
    while (stalled) {
      wait();
    }
  }

  void passedToClient(int bytes) {
    toClient.addAndGet(bytes);
  }

  /** How many of these bytes may go to the server before the cut that was asked for. */
  synchronized int allowance(int bytes) {
    if (untilCut == NO_BOUND) {
      return bytes;
    }
    int allowed = (int) Math.min(bytes, untilCut);
    untilCut -= allowed;
    return allowed;
  }

  /** Counts, and cuts when it is time. */
  void passedToServer(int bytes) {
    toServer.addAndGet(bytes);
    synchronized (this) {
      if (untilCut == 0) {
        cut();
      }
    }
  }

  static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
