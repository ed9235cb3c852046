package dev.stream.it;

import dev.stream.core.StreamController;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
import dev.stream.core.status.StreamStatus;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs Stream as an application would that embeds it, told through its input what to do. Says
 * {@code generation <id> <reason>} whenever one begins or goes on, and {@code ready} when capture
 * has begun.
 *
 * <p>Argument: a configuration, as {@link ConfigFile} writes it.
 */
public final class ReplicateMain {

  private ReplicateMain() {}

  public static void main(String[] args) throws Exception {
    StreamConfig config = StreamConfig.read(Path.of(args[0]), PluginRegistry.discover());
    StreamController stream =
        StreamController.builder().config(config).listener(new Speaker()).build();
    stream.start();
    Speaker.say("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String command = input.readLine(); command != null; command = input.readLine()) {
      switch (command) {
        case "sync" -> {
          stream.sync(Duration.ofMinutes(3));
          StreamStatus status = stream.status();
          Speaker.say("synced " + status.generation() + " " + status.txId());
        }
        case "snapshot" -> stream.snapshotNow();
        case "close" -> {
          List<String> left = stream.closeAndReport();
          Speaker.say("closed " + left);
          return;
        }
        default -> throw new IllegalArgumentException(command);
      }
    }
  }
}
