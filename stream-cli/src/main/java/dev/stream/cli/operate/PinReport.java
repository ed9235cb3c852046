package dev.stream.cli.operate;

import dev.stream.cli.command.ReplicaReport;
import dev.stream.cli.command.ReportCommand;
import dev.stream.cli.output.StateFormat;
import dev.stream.core.config.ReplicaConfig;
import dev.stream.core.operate.ReplicaPins;
import dev.stream.core.state.PinDescriptor;
import java.io.IOException;
import java.util.List;

/** Does something about pins on each replica, and reports which pins it concerned. */
final class PinReport {

  /** What is done on one replica. */
  @FunctionalInterface
  interface Action {

    /** Carries out the action; returns the pins it concerned. */
    List<PinDescriptor> on(ReplicaPins pins) throws IOException;
  }

  private PinReport() {}

  /**
   * Returns the exit code, which is a failure if one replica failed.
   *
   * @param outcome what became of a pin, before its name; with a space at the end, or empty
   */
  static int of(
      ReportCommand command, List<ReplicaConfig> replicas, String outcome, Action action) {
    ReplicaReport report = new ReplicaReport(command, "");
    for (ReplicaConfig config : replicas) {
      report.add(
          config,
          (replica, heading, entry) -> {
            List<PinDescriptor> pins = action.on(new ReplicaPins(replica));
            entry.put("pins", pins.stream().map(StateFormat::document).toList());
            command.line(heading);
            pins.forEach(pin -> command.line("  " + outcome + StateFormat.line(pin)));
            if (pins.isEmpty()) {
              command.line("  no pin");
            }
          });
    }
    return report.finish();
  }
}
