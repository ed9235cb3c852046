package dev.stream.cli.http;

import com.sun.net.httpserver.HttpServer;
import dev.stream.cli.command.CommandFailure;
import dev.stream.core.config.HttpConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers browsers and monitoring systems. Listens from the moment it is opened, so that an address
 * that cannot be had is told before anything begins. At most four requests are answered at a time,
 * by threads that exist only while there are any; a client that sends or reads too slowly is cut
 * off.
 */
public final class StatusServer implements AutoCloseable {

  private static final int THREADS = 4;
  private static final int WAITING = 64;
  private static final int BACKLOG = 64;
  private static final long KEEP_SECONDS = 10;

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final ScheduledExecutorService sampling;
  private final String url;

  private StatusServer(
      HttpServer server, ThreadPoolExecutor threads, ScheduledExecutorService sampling) {
    this.server = server;
    this.threads = threads;
    this.sampling = sampling;
    InetSocketAddress bound = server.getAddress();
    String host = bound.getAddress().isAnyLocalAddress() ? "localhost" : bound.getHostString();
    this.url = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort();
  }

  /**
   * Listens, and answers from now on.
   *
   * @throws CommandFailure if nobody can listen there
   */
  public static StatusServer open(HttpConfig config, ReplicationView view) throws CommandFailure {
    setLimits();
    InetSocketAddress address = config.socketAddress();
    if (address.isUnresolved()) {
      throw CommandFailure.usage(
          "there is no host \"" + config.host() + "\" to listen on for http; nothing was begun");
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw CommandFailure.failed(
          "cannot listen on "
              + config.host()
              + " port "
              + address.getPort()
              + " for http: "
              + e.getMessage()
              + "; nothing was begun. See what uses the port, or choose another one (--http ADDR,"
              + " or \"http\" in the configuration)");
    }
    ThreadPoolExecutor threads = threads();
    server.setExecutor(threads);
    server.createContext("/", new RequestHandler(new HostCheck(config), new Endpoints(view)));
    ScheduledThreadPoolExecutor sampling =
        new ScheduledThreadPoolExecutor(1, task -> daemon(task, "stream-http-lag"));
    long step = LagHistory.STEP.toMillis();
    var unused = sampling.scheduleAtFixedRate(view::sample, step, step, TimeUnit.MILLISECONDS);
    server.start();
    return new StatusServer(server, threads, sampling);
  }

  /** The JDK's server has none by itself, and reads them once. What the user sets stays. */
  private static void setLimits() {
    limit("sun.net.httpserver.maxReqTime", "10"); // seconds until a request has come in
    limit("sun.net.httpserver.maxRspTime", "30"); // seconds until an answer has gone out
    limit("sun.net.httpserver.idleInterval", "60"); // seconds that a connection is kept
    limit("sun.net.httpserver.maxIdleConnections", "16");
    limit("sun.net.httpserver.maxReqHeaders", "64");
    limit("sun.net.httpserver.maxReqHeaderSize", "32768");
    limit("jdk.httpserver.maxConnections", "128");
    limit("sun.net.httpserver.nodelay", "true"); // else an answer in two packets takes 40 ms
  }

  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Who comes when all are busy and the queue is full gets no answer. */
  private static ThreadPoolExecutor threads() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            KEEP_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            task -> daemon(task, "stream-http-" + number.incrementAndGet()),
            new ThreadPoolExecutor.DiscardPolicy());
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Where it answers. */
  public String url() {
    return url;
  }

  /** Answers nobody any more. Repeatable. */
  @Override
  public void close() {
    sampling.shutdown();
    server.stop(0);
    threads.shutdown();
  }
}
