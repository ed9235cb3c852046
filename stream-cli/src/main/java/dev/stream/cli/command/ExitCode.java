package dev.stream.cli.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exit codes of the process, on which scripts rely. The help of the sub-commands and the table
 * in {@code docs/CLI.md} both repeat the meanings that stand here.
 */
public final class ExitCode {

  /** The command did what it was asked to do, and proved it where there is something to prove. */
  public static final int DONE = 0;

  /** The command failed; nothing was harmed. */
  public static final int FAILED = 1;

  /** The command line or the configuration is wrong; nothing was begun. */
  public static final int USAGE = 2;

  /** What 0 and 1 mean for a sub-command. */
  public record Meaning(String done, String failed) {}

  private static final Map<String, Meaning> MEANINGS = meanings();

  private ExitCode() {}

  private static Map<String, Meaning> meanings() {
    Map<String, Meaning> meanings = new LinkedHashMap<>();
    meanings.put(
        "replicate",
        new Meaning(
            "it was stopped by a signal and every replica has everything; with a command, the exit"
                + " code is that of the command",
            "it could not begin, or a replica lacks something"));
    meanings.put(
        "restore",
        new Meaning(
            "the file is restored and proven, also if the quick check complained of something,"
                + " which is a note; with `--follow`, it was stopped by a signal; with"
                + " `--if-missing` or `--if-backup`, also if there was nothing to do; with"
                + " `--dry-run`, it could be restored, as far as can be told",
            "nothing was restored, for example because the existing file is open in a process; an"
                + " existing file is as it was"));
    meanings.put(
        "status",
        new Meaning(
            "the status could be told; with `--strict`, it is also good in every respect",
            "with `--strict`, something is wrong"));
    meanings.put(
        "list",
        new Meaning(
            "every replica was listed",
            "a replica could not be listed, or there is no such generation; with `--at TIME`, no"
                + " replica has a state at the moment"));
    meanings.put(
        "verify",
        new Meaning(
            "everything is whole and every newest state is proven",
            "there is damage or a gap, a replica is empty or cannot be read, or replicas contradict"
                + " each other"));
    meanings.put(
        "drill",
        new Meaning(
            "every replica was restored to a scratch copy, proven and checked, and every assertion"
                + " holds",
            "a replica could not be restored or is not sound, or an assertion does not hold"));
    meanings.put(
        "snapshot",
        new Meaning(
            "every replica has a new snapshot",
            "a replica has no new snapshot within `--timeout`"));
    meanings.put(
        "sync",
        new Meaning(
            "with `--wait`, or if no Stream runs: the replicas have everything; else the running"
                + " Stream was asked",
            "a replica lacks something after `--timeout`, or nobody knows: the running Stream"
                + " ended, or does not answer"));
    meanings.put(
        "prune",
        new Meaning(
            "every replica was listed, and what is not kept was deleted; with `--dry-run`, every"
                + " replica was listed",
            "a replica could not be listed, or did not delete everything"));
    meanings.put("cost", new Meaning("every replica was listed", "a replica could not be listed"));
    meanings.put(
        "pin",
        new Meaning(
            "every replica has the pin; with `--list`, every replica was listed",
            "a replica does not have the pin: it has no such state, the name is taken, or it"
                + " failed"));
    meanings.put(
        "unpin",
        new Meaning(
            "no replica has the pin any more", "no replica had the pin, or a replica failed"));
    meanings.put(
        "check", new Meaning("everything works, apart from warnings", "a part does not work"));
    meanings.put("plugins", new Meaning("every plug-in works", "a plug-in is broken"));
    meanings.put("demo", new Meaning("equality is proven", "equality is not proven"));
    return meanings;
  }

  /** The meanings by sub-command, in the order of the help. */
  public static Map<String, Meaning> byCommand() {
    return Collections.unmodifiableMap(MEANINGS);
  }

  /** What the exit codes of a sub-command mean, for its help. */
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
