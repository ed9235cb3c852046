package dev.stream.cli.operate;

import dev.stream.api.replica.Replica;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.command.FailureText;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.output.StateFormat;
import dev.stream.core.archive.PinDescriptor;
import dev.stream.core.archive.ReplicaArchive;
import dev.stream.core.config.ReplicaConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does something about pins on each replica, and tells which pins it concerned. */
final class PinReport {

  /** What is done on one replica. */
  @FunctionalInterface
  interface Action {

    /** Does it; returns the pins it concerned. */
    List<PinDescriptor> on(ReplicaArchive archive) throws IOException;
  }

  private PinReport() {}

  /**
   * Returns the exit code: failed if one replica did.
   *
   * @param done what became of a pin, before its name; a space at the end, or empty
   */
  static int of(ReportCommand command, List<ReplicaConfig> replicas, String done, Action action) {
    boolean ok = true;
    List<Map<String, @Nullable Object>> entries = new ArrayList<>();
    for (ReplicaConfig config : replicas) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      entry.put("name", config.name());
      entries.add(entry);
      try (Replica replica = config.open()) {
        entry.put("store", replica.name());
        List<PinDescriptor> pins = action.on(new ReplicaArchive(replica));
        entry.put("pins", pins.stream().map(StateFormat::document).toList());
        if (!command.json) {
          command.out().println("replica " + config.name() + " (" + replica.name() + ")");
          pins.forEach(pin -> command.out().println("  " + done + StateFormat.line(pin)));
          if (pins.isEmpty()) {
            command.out().println("  no pin");
          }
        }
      } catch (IOException e) {
        ok = false;
        String problem = FailureText.of(e);
        entry.put("error", problem);
        if (!command.json) {
          command.err().println("stream: replica " + config.name() + ": " + problem);
        }
      }
    }
    if (command.json) {
      command.print(Map.of("replicas", entries));
    }
    return ok ? ExitCode.DONE : ExitCode.FAILED;
  }
}
