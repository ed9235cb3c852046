package dev.stream.it.nats;

import dev.stream.it.server.Layout;
import dev.stream.it.server.ServerFile;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server with a JetStream domain of its own.
 *
 * @param hub where the server listens for leaf nodes that this one is a leaf node of; none for the
 *     hub itself
 */
record DomainServer(String domain, Optional<InetSocketAddress> hub) implements NatsVariant {

  static final int LEAFS = 7422;

  @Override
  public List<Integer> ports() {
    return List.of(NatsRecipe.CLIENTS, LEAFS);
  }

  @Override
  public Map<String, ServerFile> files(Layout layout) {
    String remotes = hub.map(DomainServer::remote).orElse("");
    String settings =
        ALONE.settings()
            + "server_name: "
            + domain
            + "\njetstream {domain: "
            + domain
            + ", store_dir: \""
            + layout.data()
            + "\"}\nleafnodes {listen: \""
            + layout.bind()
            + ":"
            + layout.port(LEAFS)
            + "\""
            + remotes
            + "}\n";
    return NatsRecipe.of(settings).withoutJetStream().files(layout);
  }

  private static String remote(InetSocketAddress hub) {
    return ", remotes: [{url: \"nats-leaf://%s:%s@%s:%d\"}]"
        .formatted(NatsRecipe.USER, NatsRecipe.PASSWORD, hub.getHostString(), hub.getPort());
  }
}
