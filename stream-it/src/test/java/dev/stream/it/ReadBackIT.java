package dev.stream.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stream.api.codec.CodecSettings;
import dev.stream.api.database.PagedDatabase;
import dev.stream.core.capture.ReplicationSettings;
import dev.stream.core.codec.NoneCodecProvider;
import dev.stream.core.config.CompactionConfig;
import dev.stream.core.config.RetentionConfig;
import dev.stream.core.guard.StartRules;
import dev.stream.core.replicate.Replication;
import dev.stream.core.retry.Sleeper;
import dev.stream.core.schedule.Environment;
import dev.stream.core.schedule.ScanPace;
import dev.stream.core.schedule.SnapshotBounds;
import dev.stream.core.schedule.SnapshotRule;
import dev.stream.core.shadow.ArtefactCodecs;
import dev.stream.core.shadow.ShadowDirectory;
import dev.stream.core.upload.NamedReplica;
import dev.stream.replica.file.FileReplicaConfig;
import dev.stream.replica.file.FileReplicaProvider;
import dev.stream.source.sqlite.SqliteConfig;
import dev.stream.source.sqlite.SqliteDatabaseProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A SQLite database is read back all the time while processes write it, checkpoint it and let go of
 * it: nothing that is right is taken for wrong, and nobody is in anybody's way.
 */
@Timeout(300)
final class ReadBackIT {

  private static final ScanPace BRISK =
      new ScanPace(64 << 10, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(1));

  @TempDir Path folder;

  @Test
  void whatIsWrittenMeanwhileIsNoFault() throws Exception {
    long seed = System.nanoTime();
    System.out.println("stream.test.seed=" + seed);
    Random random = new Random(seed);
    Path database = folder.resolve("app.db");
    SqliteProcess.create(database, 4096, "INCREMENTAL", RandomSql.SCHEMA);
    Recorder told = new Recorder();
    PagedDatabase source = new SqliteDatabaseProvider().open(new SqliteConfig(database));
    Replication stream =
        new Replication(
            source,
            ShadowDirectory.open(folder.resolve("shadow")),
            settings(),
            new StartRules(false, null, false),
            List.of(
                new NamedReplica(
                    "file",
                    new FileReplicaProvider()
                        .open(new FileReplicaConfig(folder.resolve("replica"))))),
            new ArtefactCodecs(
                new NoneCodecProvider().create(CodecSettings.DEFAULTS),
                CodecSettings.DEFAULTS,
                name -> new NoneCodecProvider().create(CodecSettings.DEFAULTS)),
            Environment.of("", Clock.systemUTC(), Sleeper.SYSTEM, told));
    try {
      stream.start();
      RandomSql script = new RandomSql(random, 0, 4096);
      for (int round = 0; round < 6; round++) {
        try (SqliteProcess writer = new SqliteProcess(database)) {
          writer.run(script.settings());
          for (String step : script.steps(40)) {
            writer.run(step);
          }
          if (random.nextBoolean()) {
            writer.run("PRAGMA wal_checkpoint(TRUNCATE);");
          }
        } // the last one that closes a database removes its log
        Instant until = Instant.now();
        try (SqliteProcess last = new SqliteProcess(database)) {
          last.run("PRAGMA user_version=" + (round + 1) + ";");
        }
        stream.sync(Duration.ofSeconds(30));
        Await.until(
            () -> "what was captured after " + until + ": " + stream.status().readBack(),
            () -> {
              Instant proven = stream.status().readBack().provenAt();
              return proven != null && proven.isAfter(until);
            });
      }
      assertThat(told.events()).noneMatch(event -> event.contains("self-check"));
      assertThat(stream.status().problems()).isEmpty();
    } finally {
      var unused = stream.close();
    }
  }

  private static ReplicationSettings settings() {
    return new ReplicationSettings(
        Duration.ofMillis(50),
        null,
        SnapshotRule.BY_COST,
        BRISK,
        CompactionConfig.NONE.levels(),
        64 << 20,
        1L << 30,
        false,
        Duration.ofSeconds(30),
        RetentionConfig.DEFAULTS,
        Duration.ofSeconds(10),
        SnapshotBounds.STANDARD);
  }
}
