package dev.stream.it;

import dev.stream.core.StreamController;
import dev.stream.core.StreamListener;
import dev.stream.core.StreamStatus;
import dev.stream.core.config.StreamConfig;
import dev.stream.core.plugin.PluginRegistry;
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
    say("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String command = input.readLine(); command != null; command = input.readLine()) {
      switch (command) {
        case "sync" -> {
          stream.sync(Duration.ofMinutes(3));
          StreamStatus status = stream.status();
          say("synced " + status.generation() + " " + status.txId());
        }
        case "snapshot" -> stream.snapshotNow();
        case "close" -> {
          List<String> left = stream.closeAndReport();
          say("closed " + left);
          return;
        }
        default -> throw new IllegalArgumentException(command);
      }
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static final class Speaker implements StreamListener {

    @Override
    public void onGeneration(String generation, String reason) {
      say("generation " + generation + " " + reason);
    }

    @Override
    public void onCapturePaused(String message) {
      say("paused " + message);
    }

    @Override
    public void onReplicaFailing(String replica, String message) {
      say("failing " + message);
    }

    @Override
    public void onNotice(String message) {
      say("notice " + message);
    }
  }
}
