package dev.stream.it.nats;

import dev.stream.it.server.Layout;
import dev.stream.it.server.RunningServer;
import dev.stream.it.server.ServerRecipe;
import java.util.List;

/** A server like {@link #ALONE} but for its files and ports. */
interface NatsVariant extends ServerRecipe {

  NatsRecipe ALONE = NatsRecipe.users();

  @Override
  default String name() {
    return ALONE.name();
  }

  @Override
  default List<String> command(Layout layout) {
    return ALONE.command(layout);
  }

  @Override
  default boolean isReady(RunningServer server) throws Exception {
    return ALONE.isReady(server);
  }
}
