package dev.stream.it.nats;

import dev.stream.it.server.Layout;
import dev.stream.it.server.ServerFile;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server of a cluster.
 *
 * @param first another member's address for members, through which it finds the rest; none for the
 *     first one, which waits for them
 */
record ClusterMember(String member, Optional<InetSocketAddress> first) implements NatsVariant {

  static final int MEMBERS = 6222;

  @Override
  public List<Integer> ports() {
    return List.of(NatsRecipe.CLIENTS, MEMBERS);
  }

  @Override
  public Map<String, ServerFile> files(Layout layout) {
    String own = layout.bind() + ":" + layout.port(MEMBERS);
    String route = first.map(at -> at.getHostString() + ":" + at.getPort()).orElse(own);
    String settings =
        ALONE.settings()
            + "server_name: "
            + member
            + "\ncluster {name: three, listen: \""
            + own
            + "\", routes: [\"nats://"
            + route
            // So that clients go where the test lets them, not past its proxies.
            + "\"], no_advertise: true}\n";
    return new HashMap<>(NatsRecipe.of(settings).files(layout));
  }
}
