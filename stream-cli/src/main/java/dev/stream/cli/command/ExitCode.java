package dev.stream.cli.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the process tells its caller; scripts rely on it. The help of the commands and the table in
 * {@code docs/CLI.md} both say what stands here.
 */
public final class ExitCode {

  /** Done, and proven where there is something to prove. */
  public static final int DONE = 0;

  /** Failed; nothing was harmed. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was begun. */
  public static final int USAGE = 2;

  /** What 0 and 1 mean for a command. */
  public record Meaning(String done, String failed) {}

  private static final Map<String, Meaning> MEANINGS = meanings();

  private ExitCode() {}

  private static Map<String, Meaning> meanings() {
    Map<String, Meaning> meanings = new LinkedHashMap<>();
    meanings.put(
        "replicate",
        new Meaning(
            "stopped by a signal, every replica has everything; with a command: its own code",
            "could not begin, or something is left"));
    meanings.put(
        "restore",
        new Meaning(
            "restored and proven, be there notes of what the quick check complains of; with `--follow`: stopped by a signal; with `--if-missing`, `--if-backup`: also if there was nothing to do; with `--dry-run`: it could be restored, as far as can be told",
            "nothing was restored, an existing file is as it was; also if that is open"));
    meanings.put(
        "status",
        new Meaning(
            "it could tell; with `--strict`: and all is well",
            "with `--strict`: something is not"));
    meanings.put(
        "list",
        new Meaning(
            "every replica was listed",
            "one could not be, or there is no such generation; with `--at TIME`: no "
                + "replica has a state at the moment"));
    meanings.put(
        "verify",
        new Meaning(
            "everything is whole, every newest state proven",
            "damage, a gap, an empty or unreadable replica, replicas that contradict "
                + "each other"));
    meanings.put(
        "snapshot",
        new Meaning("every replica has a new snapshot", "one has not, within `--timeout`"));
    meanings.put(
        "prune",
        new Meaning(
            "every replica was listed, and what goes was deleted; with `--dry-run`: " + "listed",
            "one could not be listed, or did not delete everything"));
    meanings.put("cost", new Meaning("every replica was listed", "one could not be"));
    meanings.put(
        "pin",
        new Meaning(
            "every replica has the pin; with `--list`: was listed",
            "one has not: no such state, the name taken, or it failed"));
    meanings.put(
        "unpin", new Meaning("no replica has the pin any more", "none had it, or one failed"));
    meanings.put("check", new Meaning("all of it works, warnings aside", "some part does not"));
    meanings.put("plugins", new Meaning("all work", "one is broken"));
    meanings.put("demo", new Meaning("equality is proven", "it is not"));
    return meanings;
  }

  /** By command, in the order of the help. */
  public static Map<String, Meaning> byCommand() {
    return Collections.unmodifiableMap(MEANINGS);
  }

  /** What a command's codes mean, for its help. */
  public static Map<String, String> of(String command) {
    Meaning meaning = MEANINGS.get(command);
    Map<String, String> codes = new LinkedHashMap<>();
    if (meaning != null) {
      codes.put("0", meaning.done().replace("`", ""));
      codes.put("1", meaning.failed().replace("`", ""));
      codes.put("2", "wrong usage or configuration; nothing was begun");
    }
    return codes;
  }
}
