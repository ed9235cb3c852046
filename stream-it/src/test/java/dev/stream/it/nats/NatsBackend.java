package dev.stream.it.nats;

import dev.stream.it.backend.Backend;
import dev.stream.it.backend.Requests;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.Servers;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.api.ObjectStoreConfiguration;
import io.nats.client.api.StorageType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The replica {@code nats} on a server; a place is a bucket. The server itself passes on to an
 * onlooker what it is sent: each message that makes an object visible is a put, and each request
 * for a consumer of all such messages is a list.
 */
public final class NatsBackend implements Backend {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Makes a bucket. */
  private interface Maker {
    void make(String bucket) throws Exception;
  }

  private final RunningServer server;
  private final Maker maker;
  private final Connection onlooker;
  private final Set<String> made = new HashSet<>();
  private final Subscription objects;
  private final Subscription consumers;
  private long puts;
  private long lists;

  private NatsBackend(RunningServer server, Maker maker) throws Exception {
    this.server = server;
    this.maker = maker;
    this.onlooker = Nats.connect(options(server).maxReconnects(-1).build());
    this.objects = onlooker.subscribe("$O.*.M.>");
    this.consumers = onlooker.subscribe("$JS.API.CONSUMER.CREATE.*.*.$O.*.M.>");
    onlooker.flush(PATIENCE);
  }

  /** A backend on a server of its own. */
  public static NatsBackend start() throws Exception {
    RunningServer server = Servers.start(NatsRecipe.users());
    return of(server, bucket -> Admin.make(options(server), bucket(bucket)));
  }

  /** A backend on three servers that keep a copy each; Stream knows the first one alone. */
  public static NatsBackend cluster() throws Exception {
    NatsCluster cluster = NatsCluster.ofThree();
    return of(cluster, cluster::make);
  }

  private static NatsBackend of(RunningServer server, Maker maker) throws Exception {
    try {
      return new NatsBackend(server, maker);
    } catch (Throwable e) {
      server.close();
      throw e;
    }
  }

  static Options.Builder options(RunningServer server) {
    return Options.builder()
        .server(url(server.address(NatsRecipe.CLIENTS)))
        .userInfo(NatsRecipe.USER.toCharArray(), NatsRecipe.PASSWORD.toCharArray())
        .reconnectWait(Duration.ofMillis(50))
        .errorListener(new io.nats.client.ErrorListener() {});
  }

  static String url(InetSocketAddress address) {
    return "nats://" + address.getHostString() + ":" + address.getPort();
  }

  static ObjectStoreConfiguration.Builder bucket(String name) {
    return ObjectStoreConfiguration.builder(name).storageType(StorageType.File);
  }

  @Override
  public String type() {
    return "nats";
  }

  @Override
  public RunningServer server() {
    return server;
  }

  @Override
  public InetSocketAddress address() {
    return server.address(NatsRecipe.CLIENTS);
  }

  @Override
  public synchronized Map<String, Object> config(String place, InetSocketAddress via)
      throws Exception {
    if (made.add(place)) {
      maker.make(place);
    }
    return Map.of(
        "url",
        url(via),
        "bucket",
        place,
        "prefix",
        "cluster-a/db",
        "user",
        NatsRecipe.USER,
        "password",
        NatsRecipe.PASSWORD,
        "timeout",
        "5s");
  }

  @Override
  public List<String> secrets() {
    return List.of(NatsRecipe.PASSWORD);
  }

  @Override
  public synchronized Requests requests() throws Exception {
    // An answer to this comes after all that was passed on before, which is at hand then.
    onlooker.flush(PATIENCE);
    puts += atHand(objects);
    lists += atHand(consumers);
    return new Requests(puts, lists);
  }

  private static long atHand(Subscription passedOn) throws InterruptedException {
    long count = 0;
    while (passedOn.nextMessage(Duration.ofMillis(1)) != null) {
      count++;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    try {
      Admin.close(onlooker);
    } finally {
      server.close();
    }
  }
}
