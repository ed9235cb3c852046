package dev.stream.core.drill;

import dev.stream.core.config.DatabaseConfig;
import dev.stream.core.config.DrillConfig;
import dev.stream.core.event.RestoreListener;
import dev.stream.core.plugin.CodecLookup;
import dev.stream.core.plugin.DatabaseLookup;
import dev.stream.core.read.ReplicaOnDemand;
import dev.stream.core.restore.DatabaseCheck;
import dev.stream.core.restore.RestoreException;
import dev.stream.core.restore.RestoreState;
import dev.stream.core.restore.Restorer;
import dev.stream.core.restore.RestorerBuilder;
import dev.stream.core.retry.FailureText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Restores the newest state of a replica to a scratch copy, has the database check it with all it
 * has, and asks it the questions of the configuration. Nothing but the scratch folder is written.
 *
 * <p>What a drill takes from the copy of the one before it, it does not fetch; so it proves the
 * state, and that what is new can be read, and not that the older objects still can. For that it
 * has to fetch everything.
 *
 * <p>Room: the size of the database; twice that while an earlier copy is there. For one thread at a
 * time.
 */
public final class Drill {

  /** A drill has time, and runs beside what is more urgent. */
  private static final int PARALLELISM = 2;

  private static final String LOCK = ".lock";

  private final List<String> assertions;
  private final Path scratchDir;
  private final boolean keepCopies;
  private final @Nullable DatabaseConfig database;
  private final CodecLookup codecs;
  private final DatabaseLookup databases;
  private final Clock clock;

  /**
   * Drills of one configuration.
   *
   * @param config what is asked
   * @param scratchDir folder of the copies, in which nobody else writes; made if it is missing
   * @param keepCopies whether a copy is left for the next drill
   * @param database what the replicas hold copies of; null if it is not known, and nothing is asked
   * @param codecs where to find the codecs that artefacts name
   * @param databases where to find what knows the type of database that artefacts name
   * @param clock tells when a drill ended
   */
  public Drill(
      DrillConfig config,
      Path scratchDir,
      boolean keepCopies,
      @Nullable DatabaseConfig database,
      CodecLookup codecs,
      DatabaseLookup databases,
      Clock clock) {
    this.assertions = config.assertions();
    this.scratchDir = scratchDir;
    this.keepCopies = keepCopies;
    this.database = database;
    this.codecs = codecs;
    this.databases = databases;
    this.clock = clock;
  }

  /**
   * Drills one replica.
   *
   * @param everything whether to fetch everything; else what the last copy has is not fetched
   * @param listener learns how it goes
   * @throws InterruptedException if the thread was interrupted; nothing is known then
   * @throws DrillBusyException if another process drills the same replica in the same folder
   */
  public DrillReport run(ReplicaOnDemand replica, boolean everything, RestoreListener listener)
      throws InterruptedException, DrillBusyException {
    Path folder = scratchDir.resolve(replica.name());
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(
                  scratchDir.resolve(replica.name() + LOCK),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = lock(channel)) {
        if (lock == null) {
          throw new DrillBusyException(replica.name(), folder);
        }
        return run(replica, folder.resolve(fileName()), everything, listener);
      }
    } catch (DrillBusyException e) {
      throw e;
    } catch (IOException e) {
      return failed(
          replica, everything, "the scratch folder cannot be used: " + FailureText.of(e), false);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by somebody in this process
    }
  }

  private DrillReport run(
      ReplicaOnDemand replica, Path copy, boolean everything, RestoreListener listener)
      throws InterruptedException {
    boolean all = everything || !Files.exists(copy);
    try {
      RestoreState state = restorer(replica, copy, all, listener).restore();
      List<AssertionResult> answers = ask(copy);
      return new DrillReport(
          replica.name(), state, all, answers, problem(answers), false, clock.instant());
    } catch (RestoreException e) {
      if (e.reason() == RestoreException.Reason.INTERRUPTED) {
        throw interrupted();
      }
      boolean empty = e.reason() == RestoreException.Reason.NOTHING_THERE;
      return failed(replica, all, FailureText.of(e), empty);
    } finally {
      if (!keepCopies) {
        remove(copy);
      }
    }
  }

  private static InterruptedException interrupted() {
    boolean unused = Thread.interrupted();
    return new InterruptedException("interrupted during a drill");
  }

  private DrillReport failed(
      ReplicaOnDemand replica, boolean everything, String problem, boolean empty) {
    return new DrillReport(
        replica.name(), null, everything, List.of(), problem, empty, clock.instant());
  }

  private String fileName() {
    return database == null ? "database" : String.valueOf(database.path().getFileName());
  }

  private Restorer restorer(
      ReplicaOnDemand replica, Path copy, boolean everything, RestoreListener listener) {
    RestorerBuilder builder =
        Restorer.builder(copy, codecs)
            .databases(databases)
            .database(database == null ? null : database.provider())
            .replica(replica)
            .force(true)
            .sharedDisk(true)
            .check(DatabaseCheck.THOROUGH)
            .parallelism(PARALLELISM)
            .listener(listener);
    return (everything ? builder : builder.reuse(copy)).build();
  }

  private List<AssertionResult> ask(Path copy) {
    List<AssertionResult> answers = new ArrayList<>();
    DatabaseConfig asked = database;
    for (String question : assertions) {
      if (asked == null) {
        answers.add(new AssertionResult(question, null, "the type of the database is not known"));
        continue;
      }
      try {
        answers.add(new AssertionResult(question, asked.query(copy, question), null));
      } catch (IOException e) {
        answers.add(new AssertionResult(question, null, FailureText.of(e)));
      }
    }
    return answers;
  }

  private static @Nullable String problem(List<AssertionResult> answers) {
    List<String> problems =
        answers.stream().filter(a -> !a.holds()).map(AssertionResult::problem).toList();
    return problems.isEmpty() ? null : String.join("; ", problems);
  }

  /** What the restore left of the copy, and what belongs to it; nothing else is ours to delete. */
  private void remove(Path copy) {
    List<Path> files = new ArrayList<>(List.of(copy));
    if (database != null) {
      files.addAll(database.provider().companions(copy));
    }
    try {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Path folder = copy.getParent();
      if (folder != null) {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      // It stays until the next drill, which replaces it.
    }
  }
}
