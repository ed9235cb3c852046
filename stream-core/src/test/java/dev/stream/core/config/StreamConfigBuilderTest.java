package dev.stream.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stream.api.replica.ObjectBody;
import dev.stream.api.replica.ObjectInfo;
import dev.stream.api.replica.ObjectKey;
import dev.stream.api.replica.ObjectListing;
import dev.stream.api.replica.Replica;
import dev.stream.core.config.SamplePlugins.FileSettings;
import dev.stream.core.config.SamplePlugins.SqliteSettings;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StreamConfigBuilderTest {

  private static StreamConfigBuilder builder() {
    return StreamConfig.builder().plugins(SamplePlugins.registry());
  }

  @Test
  void codeSaysTheSameAsJson() throws Exception {
    StreamConfig built =
        builder()
            .database("sqlite", Map.of("path", Path.of("app.db")))
            .shadowDir(Path.of("shadow"))
            .replica("file", Map.of("path", "/backups"))
            .build();
    StreamConfig read =
        StreamConfig.parse(StreamConfigTest.MINIMAL, SamplePlugins.registry(), Map.of());
    assertThat(built.describe()).isEqualTo(read.describe());
  }

  @Test
  void everySetterCounts() throws Exception {
    StreamConfig config =
        builder()
            .database(new SamplePlugins.Sqlite(), new SqliteSettings(Path.of("a")))
            .shadowDir(Path.of("shadow"))
            .snapshotInterval(Duration.ofHours(1))
            .syncInterval(Duration.ofMillis(100))
            .compression("none", 3)
            .compaction(Duration.ofSeconds(1), Duration.ofMinutes(1))
            .retention(
                new RetentionConfig(
                    Duration.ofDays(1),
                    Duration.ofMinutes(1),
                    List.of(Duration.ofHours(2)),
                    Duration.ofHours(3)))
            .dataLossWindowThreshold(Duration.ofSeconds(5))
            .restore(new RestoreConfig(true, Path.of("b"), Path.of("c"), OnUnreachable.START))
            .shadowSync(true)
            .shadowLimit(1 << 30)
            .segmentLimit(1 << 20)
            .closeTimeout(Duration.ofSeconds(2))
            .exec("app ${x}")
            .replica(
                "a",
                new SamplePlugins.Store<>("file", FileSettings.class),
                new FileSettings(Path.of("${x}")))
            .replica("file", Map.of("path", "${x}", "name", "b"))
            .build();
    assertThat(config)
        .hasToString(
            "{'database':{'type':'sqlite','path':'a'},'shadowDir':'shadow','snapshotInterval':'PT1H',"
                    .replace('\'', '"')
                + ("'syncInterval':'PT0.1S','compression':{'codec':'none','level':3},"
                        + "'compaction':{'levels':['PT1S','PT1M']},"
                        + "'retention':{'snapshotRetention':'PT24H','checkInterval':'PT1M',"
                        + "'segmentRetention':['PT2H'],'snapshotInterval':'PT3H'},"
                        + "'dataLossWindowThreshold':'PT5S',"
                        + "'restore':{'enabled':true,'targetPath':'b','tempDir':'c','onUnreachable':'start'},"
                        + "'replicas':[{'type':'file','name':'a','path':'${x}'},"
                        + "{'type':'file','name':'b','path':'${x}'}],'shadowSync':true,"
                        + "'shadowLimit':1073741824,'segmentLimit':1048576,'closeTimeout':'PT2S','exec':'a command'}")
                    .replace('\'', '"'));
  }

  @Test
  void aReadyReplicaIsHandedOut() throws Exception {
    Replica replica = new EmptyReplica();
    StreamConfig config = builder().shadowDir(Path.of("shadow")).replica("mine", replica).build();
    assertThat(config.replicas().get(0).open()).isSameAs(replica);
    assertThat(config.replicas().get(0).name()).isEqualTo("mine");
    assertThatThrownBy(config::requireDatabase).hasMessage("database: is missing");
  }

  @Test
  void whatIsMissingOrWrongIsTold() {
    assertThatThrownBy(() -> builder().shadowDir(Path.of("shadow")).build())
        .isInstanceOf(ConfigException.class)
        .hasMessage("replicas: must name at least one replica");
    assertThatThrownBy(
            () ->
                builder()
                    .replica("x", new EmptyReplica())
                    .replica("x", new EmptyReplica())
                    .shadowDir(Path.of("shadow"))
                    .build())
        .hasMessage("replicas[1].name: \"x\" is taken; give each replica its own");
    assertThatThrownBy(() -> builder().replica("a b", new EmptyReplica()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name \"a b\" may have letters, digits, '.', '_' and '-' only");
  }

  private static final class EmptyReplica implements Replica {
    @Override
    public String name() {
      return "empty";
    }

    @Override
    public ObjectInfo put(ObjectKey key, ObjectBody body) {
      throw new UnsupportedOperationException();
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ObjectListing list(String prefix) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {}

    @Override
    public void close() {}
  }
}
