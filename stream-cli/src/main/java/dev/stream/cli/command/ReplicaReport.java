package dev.stream.cli.command;

import dev.stream.api.replica.Replica;
import dev.stream.cli.output.JsonObject;
import dev.stream.core.config.ReplicaConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A report with one entry for each replica. A replica that fails does not keep the others from
 * being reported. For use once, by one thread.
 */
public final class ReplicaReport {

  /** What is reported of one replica. */
  @FunctionalInterface
  public interface Inspection {

    /**
     * Looks at a replica that has been opened, and is closed afterwards.
     *
     * @param heading how the text on this replica begins
     * @param entry receives what the JSON document says of it
     */
    void report(Replica replica, String heading, JsonObject entry) throws IOException;
  }

  private final ReportCommand command;
  private final String failure;
  private final List<JsonObject> entries = new ArrayList<>();
  private boolean ok = true;

  /**
   * An empty report.
   *
   * @param failure what it means that a replica fails, such as {@code " cannot be listed"}; empty
   *     if the error alone says it
   */
  public ReplicaReport(ReportCommand command, String failure) {
    this.command = command;
    this.failure = failure;
  }

  /** Adds the entry of a replica; if that fails, the error is the entry. */
  public void add(ReplicaConfig config, Inspection inspection) {
    JsonObject entry = new JsonObject().with("name", config.name());
    entries.add(entry);
    try (Replica replica = config.open()) {
      entry.put("store", replica.name());
      inspection.report(replica, "replica " + config.name() + " (" + replica.name() + ")", entry);
    } catch (IOException e) {
      ok = false;
      String problem = ErrorMessage.of(e);
      entry.put("error", problem);
      command.problem("replica " + config.name() + failure + ": " + problem);
    }
  }

  /** Whether no replica has failed so far. */
  public boolean ok() {
    return ok;
  }

  /** The entries for the JSON document, in the order in which they were added. */
  public List<JsonObject> entries() {
    return entries;
  }

  /** Prints the JSON document if it was asked for; returns the exit code of the report. */
  public int finish() {
    if (command.json) {
      command.print(new JsonObject().with("replicas", entries));
    }
    return ok ? ExitCode.DONE : ExitCode.FAILED;
  }
}
