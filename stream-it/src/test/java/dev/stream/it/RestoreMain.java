package dev.stream.it;

import dev.stream.api.replica.Replica;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginException;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Restores the newest state. Arguments: a configuration, and the file to restore to. */
public final class RestoreMain {

  private RestoreMain() {}

  public static void main(String[] args) throws Exception {
    PluginRegistry plugins = PluginRegistry.discover();
    StreamConfig config = StreamConfig.read(Path.of(args[0]), plugins);
    try (Replica replica = config.replicas().get(0).open()) {
      RestoreState state =
          Restorer.builder(Path.of(args[1]), plugins::openCodec)
              .replica("replica", replica)
              .databases(
                  type -> {
                    try {
                      return plugins.database(type);
                    } catch (PluginException e) {
                      throw new UncheckedIOException(e);
                    }
                  })
              .build()
              .restore();
      System.out.println(
          "restored " + state.txId() + " from " + state.segments() + " segments, " + state.check());
    }
  }
}
