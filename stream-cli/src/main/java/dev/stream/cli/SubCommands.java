package dev.stream.cli;

import dev.stream.cli.check.CheckCommand;
import dev.stream.cli.command.CliCommand;
import dev.stream.cli.command.ExitCode;
import dev.stream.cli.demo.DemoCommand;
import dev.stream.cli.demo.SqlCommand;
import dev.stream.cli.inspect.CostCommand;
import dev.stream.cli.inspect.DrillCommand;
import dev.stream.cli.inspect.ListCommand;
import dev.stream.cli.inspect.PluginsCommand;
import dev.stream.cli.inspect.StatusCommand;
import dev.stream.cli.inspect.VerifyCommand;
import dev.stream.cli.operate.PinCommand;
import dev.stream.cli.operate.PruneCommand;
import dev.stream.cli.operate.SnapshotCommand;
import dev.stream.cli.operate.SyncCommand;
import dev.stream.cli.operate.UnpinCommand;
import dev.stream.cli.replicate.ReplicateCommand;
import dev.stream.cli.restore.RestoreCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The sub-commands. Only those that are needed are made, because making all of them takes half of
 * the start-up time.
 */
final class SubCommands {

  private static final Map<String, Supplier<CliCommand>> VISIBLE = new LinkedHashMap<>();

  static {
    VISIBLE.put("replicate", ReplicateCommand::new);
    VISIBLE.put("restore", RestoreCommand::new);
    VISIBLE.put("status", StatusCommand::new);
    VISIBLE.put("list", ListCommand::new);
    VISIBLE.put("verify", VerifyCommand::new);
    VISIBLE.put("drill", DrillCommand::new);
    VISIBLE.put("snapshot", SnapshotCommand::new);
    VISIBLE.put("sync", SyncCommand::new);
    VISIBLE.put("prune", PruneCommand::new);
    VISIBLE.put("cost", CostCommand::new);
    VISIBLE.put("pin", PinCommand::new);
    VISIBLE.put("unpin", UnpinCommand::new);
    VISIBLE.put("check", CheckCommand::new);
    VISIBLE.put("plugins", PluginsCommand::new);
    VISIBLE.put("demo", DemoCommand::new);
  }

  private SubCommands() {}

  /** Adds the sub-command of that name; returns false if there is none. */
  static boolean add(CommandLine line, String name) {
    Supplier<CliCommand> command =
        name.equals(SqlCommand.NAME) ? SqlCommand::new : VISIBLE.get(name);
    if (command == null) {
      return false;
    }
    add(line, name, command.get());
    return true;
  }

  static void addAll(CommandLine line) {
    VISIBLE.forEach((name, command) -> add(line, name, command.get()));
  }

  private static void add(CommandLine line, String name, CliCommand command) {
    CommandLine added = new CommandLine(command);
    if (command instanceof ReplicateCommand) {
      added.setEndOfOptionsDelimiter("\0"); // There, -- is an option.
    }
    added.getCommandSpec().usageMessage().exitCodeList(ExitCode.of(name));
    line.addSubcommand(name, added);
  }
}
